// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
]

/// A library target of this package; imports point downward only (docs/architecture.md).
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// The tests of one module, or of several together.
func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(
        name: name,
        dependencies: dependencies,
        path: "Tests/\(name)",
        resources: resources,
        swiftSettings: settings
    )
}

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let httpClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let nioFoundation = Target.Dependency.product(name: "NIOFoundationCompat", package: "swift-nio")

let package = Package(
    name: "palisade",
    products: [
        .executable(name: "palisade", targets: ["palisade"]),
        .library(
            name: "PalisadeCore",
            targets: [
                "NetworkPrimitives", "PolicyModel", "PolicyFormats", "PolicyEvaluation", "PolicyAnalysis", "FlowModel",
                "NftablesRuleset",
            ]
        ),
        .library(name: "PalisadeStorage", targets: ["Storage"]),
        .library(
            name: "PalisadeModules",
            targets: [
                "NetworkPrimitives", "PolicyModel", "PolicyFormats", "PolicyEvaluation", "PolicyAnalysis", "FlowModel",
                "NftablesRuleset", "AccessControl", "ChangeControl", "ControlPlane", "Netlink", "HostDatapath",
                "ContainerRuntime", "PolicyRepository",
                "Storage", "Credentials", "WebConsole",
            ]
        ),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: [
        // C: header-only constants and well-kept system libraries.
        .systemLibrary(name: "CLibYAML", providers: [.apt(["libyaml-dev"])]),
        .target(name: "CNetlink"),

        // Core: values and pure functions.
        module("NetworkPrimitives"),
        module("PolicyModel", ["NetworkPrimitives"]),
        module("PolicyFormats", ["NetworkPrimitives", "PolicyModel", "CLibYAML"]),
        module("PolicyEvaluation", ["NetworkPrimitives", "PolicyModel"]),
        module("FlowModel", ["NetworkPrimitives"]),
        module(
            "PolicyAnalysis",
            ["NetworkPrimitives", "PolicyModel", "PolicyFormats", "PolicyEvaluation", "FlowModel"]
        ),
        module("NftablesRuleset", ["NetworkPrimitives", "PolicyModel", "PolicyEvaluation"]),
        module("AccessControl"),
        module("ChangeControl"),

        // Middle: the few actors that hold state and move values along.
        module(
            "ControlPlane",
            [
                "NetworkPrimitives", "PolicyModel", "PolicyFormats", "PolicyEvaluation", "PolicyAnalysis", "FlowModel",
                "NftablesRuleset", "AccessControl", "ChangeControl", logging, lifecycle,
            ]
        ),

        // Edge support: what edge targets share, so that they need not import each other.
        module("Netlink", ["NetworkPrimitives", "CNetlink"]),
        .target(
            name: "ConsolePages",
            dependencies: [
                "NetworkPrimitives", "PolicyModel", "PolicyEvaluation", "PolicyAnalysis", "FlowModel", "AccessControl",
                "ChangeControl", "ControlPlane",
            ],
            resources: [.embedInCode("Assets")],
            swiftSettings: settings
        ),

        // Edge: I/O, no decisions.
        module(
            "HostDatapath",
            ["NetworkPrimitives", "NftablesRuleset", "FlowModel", "CNetlink", "Netlink", subprocess, logging]
        ),
        module(
            "ContainerRuntime",
            [
                "NetworkPrimitives", "PolicyModel", "CNetlink", "Netlink", subprocess, logging, httpClient, nioCore,
                nioHTTP1, nioFoundation,
            ]
        ),
        module("PolicyRepository", ["NetworkPrimitives", "PolicyModel"]),
        .systemLibrary(name: "CMalloc"),
        module(
            "Storage",
            [
                "NetworkPrimitives", "FlowModel", "AccessControl", "ChangeControl", "CMalloc", logging,
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ]
        ),
        module("Credentials", ["AccessControl", "ChangeControl", crypto, cryptoExtras]),
        module(
            "OpenIDConnect",
            [
                "AccessControl", logging, httpClient, nioCore, nioHTTP1, nioFoundation, crypto,
                .product(name: "JWTKit", package: "jwt-kit"),
            ]
        ),
        module(
            "WebConsole",
            [
                "NetworkPrimitives", "PolicyModel", "PolicyAnalysis", "FlowModel", "AccessControl", "ChangeControl",
                "ControlPlane", "ConsolePages", logging, lifecycle, nioCore, nioPosix, nioHTTP1, nioSSL,
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
            ]
        ),

        // Root: wiring only.
        .executableTarget(
            name: "palisade",
            dependencies: [
                "NetworkPrimitives", "PolicyModel", "PolicyFormats", "PolicyEvaluation", "PolicyAnalysis", "FlowModel",
                "NftablesRuleset", "AccessControl", "ChangeControl", "ControlPlane", "Netlink", "HostDatapath",
                "ContainerRuntime", "PolicyRepository", "Storage", "Credentials", "OpenIDConnect", "ConsolePages",
                "WebConsole", logging, lifecycle, httpClient, nioCore, nioHTTP1, nioFoundation,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),

        // Tests. TestSupport holds builders, fakes and generators; it is not shipped.
        .target(
            name: "TestSupport",
            dependencies: ["NetworkPrimitives", "PolicyModel", "PolicyFormats", "FlowModel"],
            path: "Tests/TestSupport",
            swiftSettings: settings
        ),
        tests("NetworkPrimitivesTests", ["NetworkPrimitives", "TestSupport"]),
        tests("PolicyFormatsTests", ["NetworkPrimitives", "PolicyModel", "PolicyFormats", "TestSupport"]),
        tests(
            "PolicyAnalysisTests",
            [
                "NetworkPrimitives", "PolicyModel", "PolicyFormats", "PolicyEvaluation", "PolicyAnalysis", "FlowModel",
                "TestSupport",
            ]
        ),
        tests("PolicyEvaluationTests", ["NetworkPrimitives", "PolicyModel", "PolicyEvaluation", "TestSupport"]),
        tests(
            "ConformanceTests",
            ["NetworkPrimitives", "PolicyModel", "PolicyFormats", "PolicyEvaluation", "PolicyAnalysis", "TestSupport"],
            resources: [.copy("Cases")]
        ),
        tests("AccessControlTests", ["AccessControl", "ChangeControl"]),
        tests(
            "ConsolePagesTests",
            [
                "ConsolePages", "AccessControl", "ChangeControl", "ControlPlane", "FlowModel", "NetworkPrimitives",
                "PolicyModel",
            ]
        ),
        tests(
            "CredentialsTests",
            [
                "Credentials", "OpenIDConnect", "AccessControl", "ChangeControl", logging, crypto, cryptoExtras,
                nioCore,
                .product(name: "Hummingbird", package: "hummingbird"),
            ]
        ),
        tests("FlowModelTests", ["NetworkPrimitives", "FlowModel", "TestSupport"]),
        tests(
            "NftablesRulesetTests",
            ["NetworkPrimitives", "PolicyModel", "PolicyEvaluation", "NftablesRuleset", "TestSupport"]
        ),
        tests(
            "HostDatapathTests",
            ["NetworkPrimitives", "NftablesRuleset", "FlowModel", "Netlink", "HostDatapath", "CNetlink", "TestSupport"]
        ),
        tests(
            "ContainerRuntimeTests",
            ["NetworkPrimitives", "PolicyModel", "Netlink", "ContainerRuntime", "TestSupport"]
        ),
        tests("PolicyRepositoryTests", ["NetworkPrimitives", "PolicyModel", "PolicyRepository", "TestSupport"]),
        tests(
            "StorageTests",
            [
                "NetworkPrimitives", "FlowModel", "Storage", "TestSupport", "AccessControl", "ChangeControl",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]
        ),
        tests(
            "ControlPlaneTests",
            [
                "NetworkPrimitives", "PolicyModel", "PolicyFormats", "PolicyEvaluation", "FlowModel", "NftablesRuleset",
                "ControlPlane", "TestSupport", "AccessControl", "ChangeControl", "PolicyAnalysis", logging,
            ]
        ),
        tests(
            "PropertyTests",
            [
                "NetworkPrimitives", "PolicyModel", "PolicyFormats", "PolicyEvaluation", "PolicyAnalysis", "FlowModel",
                "NftablesRuleset", "TestSupport",
            ]
        ),
        tests(
            "IntegrationTests",
            [
                "NetworkPrimitives", "PolicyModel", "PolicyFormats", "PolicyEvaluation", "FlowModel", "NftablesRuleset",
                "PolicyAnalysis", "Netlink", "HostDatapath", "ContainerRuntime", "ControlPlane", "Storage",
                "PolicyRepository", "AccessControl", "ChangeControl", "Credentials", "CNetlink", "TestSupport",
                lifecycle,
                logging,
            ]
        ),
        tests(
            "WebConsoleTests",
            [
                "WebConsole", "ConsolePages", "ControlPlane", "AccessControl", "ChangeControl", "NetworkPrimitives",
                "PolicyModel", "PolicyAnalysis", "FlowModel", "NftablesRuleset", "PolicyRepository", "Storage",
                "Credentials", "TestSupport", httpClient, lifecycle, logging, nioCore, nioHTTP1, nioSSL, nioFoundation,
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ]
        ),
        tests(
            "EndToEndTests",
            [
                "palisade", "NetworkPrimitives", "PolicyModel", "FlowModel", "ControlPlane", "WebConsole",
                "PolicyAnalysis", "AccessControl", "ChangeControl", "ConsolePages", "Storage", "Credentials",
                "TestSupport", "Netlink", "ContainerRuntime", httpClient,
                subprocess, lifecycle, logging,
                .product(name: "Hummingbird", package: "hummingbird"),
            ]
        ),
    ]
)

// `make test-core`: the core and its tests alone, without any outside package; builds in a minute.
if Context.environment["PALISADE_CORE"] == "1" {
    let core: Set = [
        "CLibYAML", "NetworkPrimitives", "PolicyModel", "PolicyFormats", "PolicyEvaluation", "PolicyAnalysis",
        "FlowModel", "NftablesRuleset", "AccessControl", "ChangeControl", "TestSupport", "AccessControlTests",
        "NetworkPrimitivesTests", "PolicyFormatsTests",
        "PolicyAnalysisTests", "PolicyEvaluationTests", "FlowModelTests", "PropertyTests", "ConformanceTests",
    ]
    package.targets.removeAll { !core.contains($0.name) }
    package.products.removeAll { $0.name != "PalisadeCore" }
    package.dependencies = []
}

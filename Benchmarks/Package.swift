// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import PackageDescription

// The benchmarks have their own package, so that what only they need stays out of the product. run.sh beside this file
// builds them in the scratch directory of the main package, so that what both need is compiled once.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "palisade-benchmarks",
    dependencies: [
        .package(name: "palisade", path: ".."),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .executableTarget(
            name: "PalisadeBenchmarks",
            dependencies: [
                .product(name: "PalisadeModules", package: "palisade"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "PolicyBenchmarks",
            dependencies: [
                .product(name: "PalisadeCore", package: "palisade"),
                .product(name: "PalisadeStorage", package: "palisade"),
            ],
            swiftSettings: settings
        ),
    ]
)

// The core alone, as in the main package.
if Context.environment["PALISADE_CORE"] == "1" {
    package.targets.removeAll { $0.name != "PolicyBenchmarks" }
    package.targets[0].dependencies.removeAll { dependency in
        if case .productItem("PalisadeStorage", _, _, _) = dependency { true } else { false }
    }
    package.dependencies.removeAll { dependency in
        if case .fileSystem = dependency.kind { false } else { true }
    }
}

// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import PackageDescription

// Fuzzing has its own package, so that its flags touch nothing else. The modules under test are links into the sources of
// the main package and are instrumented here. How to run: README.md beside this file.
let instrumented: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .swiftLanguageMode(.v6),
    .unsafeFlags(["-sanitize=fuzzer,address", "-parse-as-library"]),
]

let package = Package(
    name: "palisade-fuzz",
    targets: [
        .systemLibrary(name: "CLibYAML", providers: [.apt(["libyaml-dev"])]),
        .target(name: "NetworkPrimitives", swiftSettings: instrumented),
        .target(name: "PolicyModel", dependencies: ["NetworkPrimitives"], swiftSettings: instrumented),
        .target(
            name: "PolicyFormats",
            dependencies: ["NetworkPrimitives", "PolicyModel", "CLibYAML"],
            swiftSettings: instrumented
        ),
        .target(name: "CNetlink"),
        .target(name: "Netlink", dependencies: ["CNetlink", "NetworkPrimitives"], swiftSettings: instrumented),
        .target(name: "FlowModel", dependencies: ["NetworkPrimitives"], swiftSettings: instrumented),
        .target(
            name: "KernelEventDecoders",
            dependencies: ["NetworkPrimitives", "FlowModel", "Netlink", "CNetlink"],
            swiftSettings: instrumented
        ),
        .executableTarget(
            name: "FuzzKernelEvents",
            dependencies: ["KernelEventDecoders", "Netlink"],
            swiftSettings: instrumented,
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address"])]
        ),
        .executableTarget(
            name: "FuzzPolicyText",
            dependencies: ["PolicyModel", "PolicyFormats"],
            swiftSettings: instrumented,
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address"])]
        ),
    ]
)

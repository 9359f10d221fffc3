// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import ArgumentParser
import PolicyAnalysis
public import PolicyFormats
import PolicyModel

/// How manifests are read, and which engine is to enforce them.
struct ReadingOptions: ParsableArguments {
    /// How NetworkPolicy is read where engines differ.
    enum Semantics: String, ExpressibleByArgument, CaseIterable {
        case kubernetes, cilium
    }

    /// What enforces the policies.
    enum Engine: String, ExpressibleByArgument, CaseIterable {
        /// Cilium on a cluster: it checks requests, DNS names, Services and nodes too.
        case cluster
        /// The kernel of a container host: what it cannot check closes.
        case host
    }

    @Option(help: "How NetworkPolicy is read where engines differ: kubernetes or cilium.")
    var semantics: Semantics = .kubernetes

    @Option(help: ArgumentHelp("The version of Cilium that reads the policies: 1.16 to 1.20.", valueName: "version"))
    var ciliumVersion: String?

    @Option(help: "Addresses that Cilium's address blocks match beside those outside: nodes, pods; repeatable.")
    var cidrMatchMode: [CIDRMatchMode] = []

    @Option(help: "What enforces the policies: cluster, or host (what a container host cannot check closes).")
    var engine: Engine = .cluster

    @Option(help: "The name of the cluster, for policies that name clusters.")
    var clusterName: String = "default"

    @Flag(help: "Leave out policies that the engine would reject, as it would, and answer from the rest.")
    var skipRejected = false

    func validate() throws {
        guard let ciliumVersion else { return }
        guard let version = CiliumVersion(ciliumVersion) else {
            throw ValidationError("\"\(ciliumVersion)\" is not a version of Cilium. Write it like 1.19.")
        }
        guard CiliumVersion.supported.contains(version) else {
            let range = CiliumVersion.supported
            throw ValidationError(
                "Cilium \(version) is not among the versions known here, \(range.lowerBound) to \(range.upperBound)."
            )
        }
    }

    /// The version asked for, or the newest known.
    var version: CiliumVersion { ciliumVersion.flatMap { CiliumVersion($0) } ?? .latest }

    private var cilium: CiliumSettings {
        CiliumSettings(version: version, cidrMatchMode: Set(cidrMatchMode))
    }

    private var rejected: PolicyDecoder.RejectedObjects { skipRejected ? .leftOut : .refuseDocument }

    /// Reads a world of manifests.
    var worldOptions: WorldReader.Options {
        WorldReader.Options(
            clusterName: clusterName,
            reach: engine == .host ? .layer4 : .layer7,
            tieredPolicies: engine == .host ? .refused : .read,
            rejected: rejected,
            semantics: semantics == .cilium ? .cilium : .kubernetes,
            cilium: cilium
        )
    }

    /// Reads policies; the same way as `worldOptions`.
    func decoderOptions(otherKinds: PolicyDecoder.OtherKinds) -> PolicyDecoder.Options {
        PolicyDecoder.Options(
            otherKinds: otherKinds,
            tieredPolicies: engine == .host ? .refused : .read,
            rejected: rejected,
            semantics: semantics == .cilium ? .cilium : .kubernetes,
            cilium: cilium
        )
    }

    /// For what the engine cannot enforce.
    var enforcementEngine: EnforcementEngine { engine == .host ? .host : .kubernetes }
}

extension CIDRMatchMode: ExpressibleByArgument {}

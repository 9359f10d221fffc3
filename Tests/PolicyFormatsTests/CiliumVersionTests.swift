// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyFormats
import PolicyModel
import TestSupport
import Testing

@Suite struct CiliumVersionTests {
    private func read(
        _ spec: String,
        _ version: CiliumVersion,
        clusterwide: Bool = false
    ) -> (marked: MarkedText, decoded: DecodedDocument) {
        let head = "apiVersion: cilium.io/v2\nkind: Cilium\(clusterwide ? "Clusterwide" : "")NetworkPolicy\n"
        let marked = MarkedText(head + "metadata: {name: p}\nspec: \(spec)\n")
        return (marked, PolicyDecoder(.init(cilium: .init(version: version))).decode(marked.document()))
    }

    @Test(arguments: [
        ("1.20", CiliumVersion?(CiliumVersion(1, 20))), ("v1.19.4", CiliumVersion(1, 19)),
        ("1.20.0-rc.1", CiliumVersion(1, 20)), ("1", nil), ("", nil), ("1.x", nil), ("1.19.", nil), ("vv1.19", nil),
        ("1.19.4.5", CiliumVersion(1, 19)), ("-1.19", nil), ("1.+9", nil),
    ])
    func `versions are read from what Cilium calls itself`(text: String, version: CiliumVersion?) {
        #expect(CiliumVersion(text) == version)
    }

    @Test func `versions are ordered by number, not by letters`() {
        #expect(CiliumVersion(1, 9) < CiliumVersion(1, 16))
        #expect(CiliumVersion(1, 20) < CiliumVersion(2, 0))
        #expect(CiliumVersion.supported.contains(CiliumVersion(1, 18)))
        #expect(!CiliumVersion.supported.contains(CiliumVersion(1, 15)))
    }

    /// A text, the first version that takes it, and the code of the finding in the version before.
    @Test(arguments: [
        ("{endpointSelector: {}, ingress: [{fromEntities: [all]}], ⟦x⟧log: {value: a}}", 18),
        ("{endpointSelector: {}, ingress: [{fromEntities: [⟦x⟧cluster-mesh]}]}", 20),
        ("{endpointSelector: {}, ingress: [{fromCIDRSet: [{⟦x⟧cidrGroupSelector: {matchLabels: {a: b}}}]}]}", 17),
        ("{endpointSelector: {}, ingress: [{toPorts: [{ports: [{protocol: ⟦x⟧GRE}]}]}]}", 20),
        ("{endpointSelector: {}, ingress: [{toPorts: [{ports: [{protocol: ⟦x⟧IPIP}]}]}]}", 20),
        ("{endpointSelector: {}, ingress: [{toPorts: [{ports: [{protocol: ⟦x⟧IPV6}]}]}]}", 20),
        ("{endpointSelector: {}, ingress: [{toPorts: [{ports: [{protocol: ⟦x⟧ESP}]}]}]}", 20),
        ("{endpointSelector: {}, ingress: [{toPorts: [{ports: [{protocol: ⟦x⟧AH}]}]}]}", 20),
    ])
    func `what a version does not have yet is an error that names both versions`(spec: String, since: Int) throws {
        for minor in 16...20 {
            let (marked, decoded) = read(spec, CiliumVersion(1, minor))
            guard minor < since else {
                #expect(decoded.findings.isEmpty, "1.\(minor): \(decoded.findings)")
                #expect(decoded.policies.count == 1)
                continue
            }
            #expect(decoded.findings.map(\.code) == ["V171"], "1.\(minor): \(decoded.findings)")
            let finding = try #require(decoded.findings.first)
            #expect(finding.location == marked.place("x"))
            #expect(
                finding.message.hasSuffix(" needs Cilium 1.\(since) or later, and this environment has 1.\(minor).")
            )
            #expect(decoded.policies.isEmpty)
        }
    }

    @Test(arguments: ["kafka: [{role: produce}]", "kafka: []", "l7proto: r2d2", "l7: []", "kafka: null"])
    func `Kafka and other L7 protocols are gone in 1.20`(rules: String) {
        let spec = """
            {endpointSelector: {}, ingress: [{fromEntities: [all], toPorts: [{ports: [{port: "80", protocol: TCP}], \
            rules: {⟦x⟧\(rules)}}]}]}
            """
        #expect(read(spec, CiliumVersion(1, 19)).decoded.findings.isEmpty)
        let (marked, decoded) = read(spec, CiliumVersion(1, 20))
        #expect(decoded.findings.map(\.code) == ["V171"])
        #expect(decoded.findings.first?.location == marked.place("x"))
        #expect(
            decoded.findings.first?.message.contains("removed in Cilium 1.20, and this environment has 1.20") == true
        )
    }

    @Test(arguments: [("ingress", "fromRequires"), ("egress", "toRequires")])
    func `requirements are never read, and gone since 1.19`(section: String, name: String) {
        let spec = "{endpointSelector: {}, \(section): [{\(name): [{matchLabels: {a: b}}]}]}"
        #expect(read(spec, CiliumVersion(1, 19)).decoded.findings.map(\.code) == ["V171"])
        #expect(read(spec, CiliumVersion(1, 18)).decoded.findings.map(\.code) == ["V119"])
        let empty = "{endpointSelector: {}, \(section): [{\(name): []}]}"
        for minor in 16...20 { #expect(!read(empty, CiliumVersion(1, minor)).decoded.hasErrors) }
    }

    @Test(arguments: [("10.0.0.1", "10.0.0.1/32"), ("\"fd00::1\"", "fd00::1/128")])
    func `a bare address was a block of one before 1.20`(text: String, block: String) throws {
        for (spec, direction) in [
            ("{endpointSelector: {}, ingress: [{fromCIDR: [\(text)]}]}", Direction.ingress),
            ("{endpointSelector: {}, egressDeny: [{toCIDR: [\(text)]}]}", .egress),
        ] {
            let old = read(spec, CiliumVersion(1, 19)).decoded
            #expect(old.findings.isEmpty)
            let rule = try #require(old.policies.first?.specs.first?.rules.first)
            #expect(rule.direction == direction)
            #expect(rule.peers == .anyOf([.cidr(CIDRPeer(try #require(Prefix(block)), reach: .world))]))
            let new = read(spec, CiliumVersion(1, 20)).decoded
            #expect(new.findings.map(\.code) == ["V106"])
            #expect(
                new.findings.first?.notes.map(\.message) == [
                    "before Cilium 1.20 a bare address was read as a block of one"
                ]
            )
        }
        // A block with exceptions never was a bare address.
        let set = "{endpointSelector: {}, ingress: [{fromCIDRSet: [{cidr: \(text)}]}]}"
        #expect(read(set, CiliumVersion(1, 16)).decoded.findings.map(\.code) == ["V106"])
    }

    @Test func `an exception broader than its block was taken before 1.20 and left nothing`() throws {
        func spec(_ except: String) -> String {
            "{endpointSelector: {}, ingress: [{fromCIDRSet: [{cidr: 10.5.0.0/16, except: [\(except)]}]}]}"
        }
        let old = read(spec("10.5.0.0/8"), CiliumVersion(1, 19)).decoded
        #expect(old.findings.map(\.code) == ["V108", "V172"])
        guard case .anyOf(let peers) = try #require(old.policies.first?.specs.first?.rules.first).peers,
            case .cidr(let block) = try #require(peers.first)
        else {
            Issue.record("no block was read")
            return
        }
        #expect(!block.contains(try #require(IPAddress("10.5.1.1"))))
        #expect(block.except.allSatisfy { block.prefix.contains($0) })
        #expect(read(spec("10.5.0.0/8"), CiliumVersion(1, 20)).decoded.findings.contains { $0.code == "V107" })
        // Its address must lie inside, in every version.
        for minor in 16...20 {
            #expect(read(spec("10.0.0.0/8"), CiliumVersion(1, minor)).decoded.findings.map(\.code) == ["V107"])
            #expect(read(spec("10.6.0.0/24"), CiliumVersion(1, minor)).decoded.findings.map(\.code) == ["V107"])
            #expect(read(spec("10.5.6.0/24"), CiliumVersion(1, minor)).decoded.findings.isEmpty)
        }
    }

    @Test(arguments: [("**.a.b", "*.a.b"), ("x***y.b", "x*y.b"), ("**", "**"), ("*.a.b", "*.a.b")])
    func `two stars are one before 1.19`(written: String, old: String) throws {
        for spec in [
            "{endpointSelector: {}, egress: [{toFQDNs: [{matchPattern: \"\(written)\"}]}]}",
            """
            {endpointSelector: {}, egress: [{toPorts: [{ports: [{port: "53", protocol: UDP}], rules: {dns: \
            [{matchPattern: "\(written)"}]}}]}]}
            """,
        ] {
            for (minor, pattern) in [(18, old), (19, written), (20, written)] {
                let decoded = read(spec, CiliumVersion(1, minor)).decoded
                #expect(decoded.findings.map(\.code) == (pattern == written ? [] : ["V172"]))
                let rule = try #require(decoded.policies.first?.specs.first?.rules.first)
                let isPeer = rule.peers == .anyOf([.dnsNames([.pattern(pattern)])])
                #expect(isPeer || rule.conditions == [.dns([.pattern(pattern)])], "\(rule)")
            }
        }
    }

    @Test func `enableDefaultDeny was read otherwise by old versions`() {
        let empty = "{endpointSelector: {}, ingress: [{fromEntities: [all]}], enableDefaultDeny: {egress: true}}"
        #expect(read(empty, CiliumVersion(1, 18)).decoded.findings.map(\.code) == ["V172"])
        #expect(read(empty, CiliumVersion(1, 19)).decoded.findings.isEmpty)
        let requests = """
            {endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{}]}}]}], \
            enableDefaultDeny: {ingress: false}}
            """
        #expect(read(requests, CiliumVersion(1, 19)).decoded.findings.map(\.code) == ["V172"])
        #expect(read(requests, CiliumVersion(1, 20)).decoded.findings.isEmpty)
    }

    @Test(arguments: ["", "Clusterwide"])
    func `a selector that only excludes namespaces means the local cluster since 1.19, or as it is set`(
        kind: String
    ) throws {
        let spec = """
            {endpointSelector: {}, ingress: [{fromEndpoints: [{matchExpressions: [{key: io.kubernetes.pod.namespace, \
            operator: NotIn, values: [x]}]}]}]}
            """
        func reachesWorld(_ settings: CiliumSettings) throws -> Bool {
            let text =
                "apiVersion: cilium.io/v2\nkind: Cilium\(kind)NetworkPolicy\nmetadata: {name: p}\nspec: \(spec)\n"
            let decoded = PolicyDecoder(.init(cilium: settings)).decode(MarkedText(text).document())
            guard case .anyOf(let peers) = try #require(decoded.policies.first?.specs.first?.rules.first).peers,
                case .endpoints(let selector) = try #require(peers.first)
            else { return false }
            let reaches = selector.matches(LabelSet([Label(.reserved("world-ipv4"), "")]))
            #expect(decoded.findings.map(\.code) == (reaches ? ["V172"] : []))
            return reaches
        }
        #expect(try reachesWorld(.init(version: CiliumVersion(1, 18))))
        #expect(try !reachesWorld(.init(version: CiliumVersion(1, 19))))
        #expect(try !reachesWorld(.init(version: CiliumVersion(1, 18), defaultsToLocalCluster: true)))
        #expect(try reachesWorld(.init(version: CiliumVersion(1, 20), defaultsToLocalCluster: false)))
    }

    @Test(arguments: [
        ("{key: io.kubernetes.pod.namespace, operator: DoesNotExist}", true),
        ("{key: io.kubernetes.pod.namespace, operator: NotIn, values: [x]}, {key: app, operator: Exists}", false),
        // A key of any source may be an entity's.
        ("{key: io.kubernetes.pod.namespace, operator: NotIn, values: [x]}, {key: host, operator: Exists}", true),
        ("{key: io.kubernetes.pod.namespace, operator: DoesNotExist}, {key: \"k8s:host\", operator: Exists}", false),
        ("{key: io.kubernetes.pod.namespace, operator: In, values: [x]}", false),
        ("{key: app, operator: NotIn, values: [x]}", false),
        ("{key: \"reserved:host\", operator: DoesNotExist}", false),
    ])
    func `old versions warn of selectors that reach others than pods because they name no cluster`(
        requirements: String,
        warns: Bool
    ) {
        let spec = "{endpointSelector: {}, ingress: [{fromEndpoints: [{matchExpressions: [\(requirements)]}]}]}"
        #expect(read(spec, CiliumVersion(1, 18)).decoded.findings.map(\.code) == (warns ? ["V172"] : []))
        #expect(read(spec, CiliumVersion(1, 19)).decoded.findings.isEmpty)
    }

    @Test(
        arguments: [
            ([], 20, CIDRPeer.Reach.world), ([.nodes], 16, .worldAndNodes), ([.pods], 20, .worldAndEndpoints),
            ([.nodes, .pods], 20, .anyParty), ([.pods], 19, .world), ([.nodes, .pods], 19, .worldAndNodes),
        ] as [([CIDRMatchMode], Int, CIDRPeer.Reach)]
    )
    func `the match mode says whom address blocks reach`(
        modes: [CIDRMatchMode],
        minor: Int,
        reach: CIDRPeer.Reach
    ) throws {
        let settings = CiliumSettings(version: CiliumVersion(1, minor), cidrMatchMode: Set(modes))
        let block = try #require(Prefix("10.0.0.0/8"))
        for (kind, peer) in [("fromCIDR", "10.0.0.0/8"), ("fromCIDRSet", "{cidr: 10.0.0.0/8}")] {
            let text = """
                {apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: p}, spec: {endpointSelector: {}, \
                ingress: [{\(kind): [\(peer)]}]}}
                """
            let decoded = PolicyDecoder(.init(cilium: settings)).decode(MarkedText(text).document())
            let rule = try #require(decoded.policies.first?.specs.first?.rules.first)
            #expect(rule.peers == .anyOf([.cidr(CIDRPeer(block, reach: reach))]))
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyAnalysis
import PolicyFormats
import PolicyModel
import TestSupport
import Testing

/// A NetworkPolicy with comments everywhere, in a style of its own.
private let network = """
    # Who may reach the shop.
    apiVersion: networking.k8s.io/v1   # stable
    kind: NetworkPolicy
    metadata:
      name:  "web"   # keep
      namespace: shop

    spec:
      podSelector:
        matchLabels:
          app: web   # the pods
          # tier is not used yet
          tier: 'front'
      policyTypes: [Ingress]
      ingress:
        # from the gateway
        - from:
            - podSelector: {matchLabels: {app: gw}}   # ours
            - ipBlock:
                cidr: 10.0.0.0/8
                except:
                  - 10.1.0.0/16  # lab
          ports:
            - protocol: TCP
              port: 8080   # plain

        # from the probes
        - ports:
            - port: metrics
              protocol: TCP
      # the end

    """

private let cilium = """
    apiVersion: cilium.io/v2
    kind: CiliumNetworkPolicy
    metadata: {name: db, namespace: data}
    spec:
      endpointSelector: {}
      ingress:
      # the API
      - fromEndpoints:
        - matchLabels:
            app: api          # one
            k8s:io.kubernetes.pod.namespace: shop
        toPorts:
        - ports:
          - port: "5432"      # quoted
            protocol: TCP
      - fromEntities: [host, health]
      egress:
      - toFQDNs:
        - matchName: api.example.com
        toPorts:
        - ports: [{port: "443", protocol: TCP}]
          rules:
            http:
            - method: GET
              path: /v1/.*

    """

private func editor(_ text: String) -> FormEditor {
    FormEditor(SourceDocument(name: "p.yaml", bytes: Array(text.utf8)))
}

private func edited(_ text: String, _ edit: FormEdit, confirmed: Bool = false) -> String {
    switch editor(text).applying(edit, confirmed: confirmed) {
    case .edited(let bytes): String(decoding: bytes, as: UTF8.self)
    case .question(let question): "question: \(question.consequence.rawValue)"
    case .refused(let findings): findings.map { "\($0)" }.joined(separator: "\n")
    }
}

/// Lines that are gone, then lines that are new, in the order of the text; the rest is the same.
private func difference(_ old: String, _ new: String) -> [String] {
    let (old, new) = (
        old.split(separator: "\n", omittingEmptySubsequences: false),
        new.split(separator: "\n", omittingEmptySubsequences: false)
    )
    let changes = new.difference(from: old)
    return changes.removals.map { if case .remove(_, let line, _) = $0 { "-\(line)" } else { "" } }
        + changes.insertions.map { if case .insert(_, let line, _) = $0 { "+\(line)" } else { "" } }
}

@Suite struct FormEditTests {
    @Test(arguments: [
        (
            FormEdit.setPort(id: "inbound.1.ports.0", port: PortValue("8443", transport: "TCP")),
            ["-          port: 8080   # plain", "+          port: 8443   # plain"]
        ),
        (
            .setPort(id: "inbound.1.ports.0", port: PortValue("8080", endPort: 8090, transport: "TCP")),
            ["+          endPort: 8090"]
        ),
        (
            .setPort(id: "inbound.2.ports.0", port: PortValue("9090", transport: "TCP")),
            ["-        - port: metrics", "+        - port: 9090"]
        ),
        (.setPort(id: "inbound.2.ports.0", port: PortValue("metrics")), ["-          protocol: TCP"]),
        (
            .addPort(rule: "inbound.1", port: PortValue("53", transport: "UDP")),
            ["+        - protocol: UDP", "+          port: 53"]
        ),
        (.removePeer(id: "inbound.1.peers.0"), ["-        - podSelector: {matchLabels: {app: gw}}   # ours"]),
        (
            .addTest(selector: "inbound.1.peers.0.pods", test: LabelTest("env", ["prod"])),
            [
                "-        - podSelector: {matchLabels: {app: gw}}   # ours",
                "+        - podSelector: {matchLabels: {app: gw, env: prod}}   # ours",
            ]
        ),
        (
            .setPeer(id: "inbound.1.peers.1", peer: .block(cidr: "10.0.0.0/9", except: ["10.1.0.0/16"])),
            ["-            cidr: 10.0.0.0/8", "+            cidr: 10.0.0.0/9"]
        ),
        (
            .setPeer(
                id: "inbound.1.peers.1",
                peer: .block(cidr: "10.0.0.0/8", except: ["10.1.0.0/16", "10.2.0.0/16"])
            ),
            ["+              - 10.2.0.0/16"]
        ),
        (
            .setPeer(id: "inbound.1.peers.1", peer: .block(cidr: "10.0.0.0/8", except: [])),
            ["-            except:", "-              - 10.1.0.0/16  # lab"]
        ),
        (
            .addPeer(
                rule: "inbound.1",
                peer: .pods(labels: [LabelTest("app", ["job"])], namespaces: .named(name: "batch"))
            ),
            [
                "+        - namespaceSelector:", "+            matchLabels:",
                "+              kubernetes.io/metadata.name: batch",
                "+          podSelector:", "+            matchLabels:", "+              app: job",
            ]
        ),
        (
            .addPeer(rule: "inbound.2", peer: .block(cidr: "192.0.2.0/24", except: [])),
            ["+      from:", "+        - ipBlock:", "+            cidr: 192.0.2.0/24"]
        ),
        (
            .setTest(id: "subject.labels.0", test: LabelTest("app", ["web2"])),
            ["-      app: web   # the pods", "+      app: web2   # the pods"]
        ),
        (
            .setTest(id: "subject.labels.1", test: LabelTest("tier", ["back"])),
            ["-      tier: 'front'", "+      tier: 'back'"]
        ),
        (
            .setTest(id: "subject.labels.1", test: LabelTest("layer", ["front"])),
            ["-      tier: 'front'", "+      layer: 'front'"]
        ),
        (.removeTest(id: "subject.labels.1"), ["-      tier: 'front'"]),
        (
            .addTest(selector: "subject", test: LabelTest("legacy", .doesNotExist, [])),
            ["+    matchExpressions:", "+      - key: legacy", "+        operator: DoesNotExist"]
        ),
        (.removeRule(id: "inbound.2"), ["-    - ports:", "-        - port: metrics", "-          protocol: TCP"]),
        (
            .addRule(
                direction: .ingress,
                action: .allow,
                rule: RuleDraft(peers: [.pods(labels: [], namespaces: .own)])
            ),
            ["+    - from:", "+        - podSelector: {}"]
        ),
        (
            .addRule(direction: .egress, action: .allow, rule: RuleDraft(ports: [PortValue("53", transport: "UDP")])),
            [
                "-  policyTypes: [Ingress]", "+  policyTypes: [Ingress, Egress]", "+  egress:", "+    - ports:",
                "+        - protocol: UDP", "+          port: 53",
            ]
        ),
        (
            .setState(direction: .egress, state: .denyAll),
            ["-  policyTypes: [Ingress]", "+  policyTypes: [Ingress, Egress]"]
        ),
        (.setName(name: "front"), ["-  name:  \"web\"   # keep", "+  name:  \"front\"   # keep"]),
        (
            .setAnnotation(key: "palisade.dev/mode", value: "audit"),
            ["+  annotations:", "+    palisade.dev/mode: audit"]
        ),
    ])
    func `an edit of a NetworkPolicy changes its own lines and no others`(edit: FormEdit, lines: [String]) {
        let result = edited(network, edit)
        #expect(difference(network, result) == lines, "\(result)")
    }

    @Test(arguments: [
        (
            FormEdit.setPort(id: "inbound.1.ports.0", port: PortValue("5433", transport: "TCP")),
            ["-      - port: \"5432\"      # quoted", "+      - port: \"5433\"      # quoted"]
        ),
        (
            .setTest(id: "inbound.1.peers.0.pods.labels.0", test: LabelTest("app", ["web"])),
            ["-        app: api          # one", "+        app: web          # one"]
        ),
        (
            .setPeer(id: "inbound.2.peers.0", peer: .entity(name: "remote-node")),
            ["-  - fromEntities: [host, health]", "+  - fromEntities: [remote-node, health]"]
        ),
        (
            .removePeer(id: "inbound.2.peers.0"),
            ["-  - fromEntities: [host, health]", "+  - fromEntities: [health]"]
        ),
        (
            .addPeer(rule: "inbound.2", peer: .entity(name: "ingress")),
            ["-  - fromEntities: [host, health]", "+  - fromEntities: [host, health, ingress]"]
        ),
        (
            .removePeer(id: "inbound.1.peers.0"),
            [
                "-  - fromEndpoints:", "-    - matchLabels:", "-        app: api          # one",
                "-        k8s:io.kubernetes.pod.namespace: shop", "+  - fromEndpoints: []",
            ]
        ),
        (
            .setPeer(id: "outbound.1.peers.0", peer: .dnsName(name: "www.example.com")),
            ["-    - matchName: api.example.com", "+    - matchName: www.example.com"]
        ),
        (
            .setPeer(id: "outbound.1.peers.0", peer: .dnsPattern(pattern: "*.example.com")),
            ["-    - matchName: api.example.com", "+    - matchPattern: \"*.example.com\""]
        ),
        (
            .addHTTP(rule: "outbound.1", http: HTTPValue(method: "POST", path: "/v2")),
            ["+        - method: POST", "+          path: \"/v2\""]
        ),
        (
            .setHTTP(id: "outbound.1.http.0", http: HTTPValue(method: nil, path: "/v1/.*")),
            ["-        - method: GET", "-          path: /v1/.*", "+        - path: /v1/.*"]
        ),
        (.addPort(rule: "inbound.1", port: PortValue("9187")), ["+      - port: \"9187\""]),
        (
            .addPort(rule: "inbound.2", port: PortValue("9187")),
            ["+    toPorts:", "+    - ports:", "+      - port: \"9187\""]
        ),
        (.setAction(id: "inbound.2", action: .deny), ["+  ingressDeny:"]),
        (.setAction(id: "outbound.1", action: .deny), []),
        (.setState(direction: .ingress, state: .additive), ["+  enableDefaultDeny:", "+    ingress: false"]),
        (
            .setDescription(text: "The database: who may use it"),
            ["+  description: \"The database: who may use it\""]
        ),
        (
            .addTest(selector: "subject", test: LabelTest("app", ["db"])),
            ["-  endpointSelector: {}", "+  endpointSelector:", "+    matchLabels:", "+      app: db"]
        ),
        (
            .addRule(direction: .ingress, action: .deny, rule: RuleDraft(peers: [.entity(name: "world")])),
            ["+  ingressDeny:", "+  - fromEntities:", "+    - world"]
        ),
        (
            .moveRule(id: "inbound.2", by: -1),
            ["-  - fromEntities: [host, health]", "+  - fromEntities: [host, health]"]
        ),
        (.duplicateRule(id: "inbound.2"), ["+  - fromEntities: [host, health]"]),
    ])
    func `an edit of a CiliumNetworkPolicy changes its own lines and no others`(edit: FormEdit, lines: [String]) {
        let result = edited(cilium, edit)
        // A deny rule cannot have conditions, so that this one stays.
        guard !lines.isEmpty else { return #expect(result.contains("[V114]"), "\(result)") }
        #expect(difference(cilium, result) == lines, "\(result)")
    }

    @Test func `comments above a rule move with it`() {
        let result = edited(network, .moveRule(id: "inbound.1", by: 5))
        let lines = result.split(separator: "\n").map { $0.drop { $0 == " " } }
        let (gateway, probes) = (lines.firstIndex(of: "# from the gateway"), lines.firstIndex(of: "# from the probes"))
        #expect(probes ?? .max < gateway ?? 0, "\(result)")
        #expect(edited(result, .moveRule(id: "inbound.2", by: -1)) == network)
    }

    @Test(arguments: ["\n", "\r\n"])
    func `line ends stay what they are`(lineEnd: String) {
        let text = network.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: lineEnd)
        let plain = edited(network, .addPort(rule: "inbound.1", port: PortValue("53", transport: "UDP")))
        let result = edited(text, .addPort(rule: "inbound.1", port: PortValue("53", transport: "UDP")))
        #expect(result == plain.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: lineEnd))
    }

    @Test func `JSON stays JSON`() {
        let text =
            #"{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"a"},"spec":{"podSelector":{},"#
            + #""ingress":[{"ports":[{"port":80}]}]}}"#
        #expect(
            edited(text, .addPort(rule: "inbound.1", port: PortValue("https", transport: "TCP")))
                == text.dropLast(5) + #", {"protocol": "TCP", "port": "https"}]}]}}"#
        )
    }

    @Test(arguments: [
        (FormEdit.setPort(id: "inbound.1.ports.0", port: PortValue("99999", transport: "TCP")), "V104", "99999"),
        (.setPort(id: "inbound.1.ports.0", port: PortValue("80/tcp", transport: "TCP")), "V104", "80/tcp"),
        (.addPort(rule: "inbound.1", port: PortValue("81", transport: "invalid")), "V118", "invalid"),
        (.addPort(rule: "inbound.1", port: PortValue("8080", endPort: 80, transport: "TCP")), "V105", "80"),
        (.addPeer(rule: "inbound.1", peer: .block(cidr: "10.0.0/8", except: [])), "V106", "10.0.0/8"),
        (.addPeer(rule: "inbound.1", peer: .block(cidr: "10.0.0.0/8", except: ["11.0.0.0/8"])), "V107", "11.0.0.0/8"),
        (.addTest(selector: "subject", test: LabelTest("-bad", ["x"])), "V109", "-bad"),
        (.addTest(selector: "subject", test: LabelTest("x", ["a b"])), "V109", "a b"),
        (.addTest(selector: "subject", test: LabelTest("x", .isIn, [])), "V109", "x"),
        (.addPeer(rule: "inbound.1", peer: .dnsName(name: "example.com")), "V112", "DNS names"),
        (.addPeer(rule: "inbound.1", peer: .entity(name: "world")), "V112", "entities"),
        (.addRule(direction: .ingress, action: .deny, rule: RuleDraft(ports: [PortValue("1")])), "V112", "deny rule"),
        (.setState(direction: .ingress, state: .notRestricted), "V119", "at least one direction"),
        (.setState(direction: .egress, state: .restricted), "V119", "needs a rule"),
        (.removePort(id: "inbound.9.ports.0"), "V181", "inbound.9.ports.0"),
        (.setName(name: "Not A Name"), "V119", "Not A Name"),
    ])
    func `wrong input is refused with its value and changes nothing`(edit: FormEdit, code: String, value: String) {
        guard case .refused(let findings) = editor(network).applying(edit) else {
            Issue.record("not refused: \(edited(network, edit))")
            return
        }
        #expect(findings.contains { $0.code == code && $0.message.contains(value) }, "\(findings)")
    }

    @Test(arguments: [
        (FormEdit.addPeer(rule: "inbound.1", peer: .dnsName(name: "example.com")), "V111"),
        (.addPeer(rule: "inbound.1", peer: .entity(name: "host")), "V117"),
        (.addPeer(rule: "inbound.2", peer: .entity(name: "hots")), "V118"),
        (.addDNS(rule: "inbound.1", dns: DNSValue("*", isPattern: true)), "V111"),
    ])
    func `what Cilium would refuse is refused`(edit: FormEdit, code: String) {
        #expect(edited(cilium, edit).contains("[\(code)]"), "\(edited(cilium, edit))")
    }

    @Test func `the last rule is not removed without a word about what is left`() {
        let one = edited(network, .removeRule(id: "inbound.2"))
        guard case .question(let question) = editor(one).applying(.removeRule(id: "inbound.1")) else {
            Issue.record("no question")
            return
        }
        #expect(
            question.sentence(pods: 3)
                == "Removing this rule leaves inbound set to \"Deny all\" for 3 pods. Set to Not restricted instead?"
        )
        #expect(question.alternatives == [.setState(direction: .ingress, state: .notRestricted)])
        let none = edited(one, .removeRule(id: "inbound.1"), confirmed: true)
        #expect(none.contains("  ingress: []\n"), "\(none)")
        #expect(PolicyFormText(SourceDocument(name: "p", bytes: Array(none.utf8))).firstForm?.inbound.state == .denyAll)
    }

    @Test func `the last outbound rule of either kind leaves everything denied`() {
        let text = edited(cilium, .removeRule(id: "outbound.1"), confirmed: true)
        #expect(text.contains("  egress:\n  - {}\n"), "\(text)")
        #expect(edited(cilium, .removeRule(id: "outbound.1")) == "question: denies-all")
        let plain =
            "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec:\n  podSelector: {}\n  egress:\n  - {}\n"
        let none = edited(plain, .removeRule(id: "outbound.1"), confirmed: true)
        #expect(
            PolicyFormText(SourceDocument(name: "p", bytes: Array(none.utf8))).firstForm?.outbound.state == .denyAll,
            "\(none)"
        )
    }

    @Test func `a request without method and path is every request, and is asked about`() {
        let edit = FormEdit.setHTTP(id: "outbound.1.http.0", http: HTTPValue(method: nil, path: nil))
        #expect(edited(cilium, edit) == "question: allows-every-request")
    }

    @Test(arguments: [
        (FormEdit.removePort(id: "inbound.2.ports.0"), "allows-every-port"),
        (.setPort(id: "inbound.2.ports.0", port: PortValue(nil, transport: "TCP")), "allows-every-port"),
        (.addRule(direction: .ingress, action: .allow, rule: RuleDraft()), "allows-everyone"),
    ])
    func `what would open a rule is asked about first`(edit: FormEdit, consequence: String) {
        #expect(edited(network, edit) == "question: \(consequence)")
    }

    @Test(arguments: [
        "spec:\n  podSelector: &s {matchLabels: {app: a}}\n  ingress:\n  - from:\n    - podSelector: *s\n",
        "spec:\n  podSelector: {matchLabels: &l {app: a}}\n  ingress:\n  - from:\n    - podSelector: {matchLabels: *l}\n",
    ])
    func `an edit that would reach an anchor's other places is refused`(spec: String) {
        let text = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\n" + spec
        for id in ["subject.labels.0", "inbound.1.peers.0.pods.labels.0"] {
            let result = edited(text, .setTest(id: id, test: LabelTest("app", ["b"])))
            #expect(result.contains("[V181]") && result.contains("Edit it in YAML."), "\(result)")
        }
    }
}

extension LabelTest {
    fileprivate init(_ key: String, _ values: [String]) { self.init(key, .equals, values) }
}

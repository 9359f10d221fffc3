// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import PolicyAnalysis
import PolicyFormats
import PolicyModel
import TestSupport
import Testing

private let head =
    "# keep me\nkind: NetworkPolicy   # and me\napiVersion: \"networking.k8s.io/v1\"\nmetadata: {name: p}\n"

private func findings(_ document: SourceDocument) -> [Finding] {
    let pods = ##"{kind: Pod, metadata: {name: six, labels: {app: web}}, spec: {}, status: {podIP: "fd00::6"}}"##
    let read = WorldReader().read([document, SourceDocument(name: "world.yaml", bytes: Array(pods.utf8))])
    return PolicyLint(engine: nil, world: read.snapshot).findings(read.documents, in: [document])
}

private func fixed(_ text: String, onlySafe: Bool = true) -> (text: String, applied: [String]) {
    let result = FixedText.fixing(MarkedText(text).document(), onlySafe: onlySafe, findings: findings)
    return (String(decoding: result.bytes, as: UTF8.self), result.applied.map(\.code))
}

@Suite struct FixTests {
    @Test(arguments: [
        // Code, before and after.
        ("V102", "spec:\n  podSelectr: {}  # c\n", "spec:\n  podSelector: {}  # c\n"),
        ("V102", "spec: {\"podSelectr\": {}}\n", "spec: {\"podSelector\": {}}\n"),
        ("V102", "spec: {'podSelectr': {}}\n", "spec: {'podSelector': {}}\n"),
        (
            "V105", "spec:\n  podSelector: {}\n  ingress:\n  - ports:\n    - port: 90 # p\n      endPort:   80\n",
            "spec:\n  podSelector: {}\n  ingress:\n  - ports:\n    - port: 80 # p\n      endPort:   90\n"
        ),
        (
            "V107",
            "spec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16, 11.0.0.0/8]}}]}]}\n",
            "spec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}]}\n"
        ),
        (
            "V107",
            "spec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [11.0.0.0/8, 10.1.0.0/16]}}]}]}\n",
            "spec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}]}\n"
        ),
        (
            "V107",
            "spec:\n  podSelector: {}\n  ingress:\n  - from:\n    - ipBlock:\n        cidr: 10.0.0.0/8\n        except:\n"
                + "        - 11.0.0.0/8   # wrong\n        # right\n        - 10.1.0.0/16\n",
            "spec:\n  podSelector: {}\n  ingress:\n  - from:\n    - ipBlock:\n        cidr: 10.0.0.0/8\n        except:\n"
                + "        # right\n        - 10.1.0.0/16\n"
        ),
        (
            "V108", "spec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: '10.1.2.3/8' }}]}]}\n",
            "spec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: '10.0.0.0/8' }}]}]}\n"
        ),
        (
            "V142", "spec:\n  podSelector: {}\n  ingress:\n  - from:\n    - ipBlock: {cidr: 0.0.0.0/0} # all\n",
            "spec:\n  podSelector: {}\n  ingress:\n  - from:\n    - ipBlock: {cidr: \"::/0\"}\n"
                + "    - ipBlock: {cidr: 0.0.0.0/0} # all\n"
        ),
        (
            "V142", "spec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}\n",
            "spec: {podSelector: {}, ingress: [{from: [{\"ipBlock\": {\"cidr\": \"::/0\"}}, {ipBlock: {cidr: 0.0.0.0/0}}]}]}\n"
        ),
    ])
    func `a safe fix changes what is wrong and nothing else`(code: String, before: String, after: String) {
        let result = fixed(head + before)
        #expect(result.text == head + after)
        #expect(result.applied == [code])
        #expect(fixed(result.text).text == result.text)
    }

    @Test(arguments: [
        (
            "V150",
            "spec:\n  podSelector: {}\n  ingress:\n  - from:\n    - namespaceSelector: {}\n    - podSelector: {}\n",
            "spec:\n  podSelector: {}\n  ingress:\n  - from:\n    - namespaceSelector: {}\n      podSelector: {}\n"
        ),
        (
            "V150", "spec: {podSelector: {}, ingress: [{from: [{podSelector: {}}, {namespaceSelector: {}}]}]}\n",
            "spec: {podSelector: {}, ingress: [{from: [{podSelector: {}, namespaceSelector: {}}]}]}\n"
        ),
        (
            "V120", "spec:\n  podSelector:\n    matchLabels:\n      app: wbe # who\n",
            "spec:\n  podSelector:\n    matchLabels:\n      app: web # who\n"
        ),
        (
            "V123",
            "spec:\n  podSelector: {}\n  ingress:\n  - from:\n    - podSelector: {}\n  - from:\n    - podSelector: {}\n    ports:\n"
                + "    - port: 80\n  # end\n",
            "spec:\n  podSelector: {}\n  ingress:\n  - from:\n    - podSelector: {}\n  # end\n"
        ),
        (
            "V130", "spec:\n  podSelector: {}\n  policyTypes: [Egress]\n  egress:\n  - ports:\n    - port: 80\n",
            "spec:\n  podSelector: {}\n  policyTypes: [Egress]\n  egress:\n"
                + #"  - {"to": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}, "#
                + #""podSelector": {"matchLabels": {"k8s-app": "kube-dns"}}}], "#
                + #""ports": [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}]}"#
                + "\n  - ports:\n    - port: 80\n"
        ),
    ])
    func `a fix that needs a decision is made only when asked for`(code: String, before: String, after: String) {
        #expect(fixed(head + before).text == head + before)
        let document = MarkedText(head + before).document()
        let own = findings(document).filter { $0.code == code }
        let result = FixedText.applying(own, to: document.bytes, onlySafe: false)
        #expect(String(decoding: result.bytes, as: UTF8.self) == head + after, "\(own)")
        #expect(!PolicyDecoder().decode(SourceDocument(name: "x.yaml", bytes: result.bytes)).hasErrors)
    }

    @Test(arguments: [
        // Two names are equally near; the right name is there already; the text is not written plainly.
        "spec: {podSelector: {}, iegress: []}\n", "spec: {podSelector: {}, podSelectr: {}}\n",
        "spec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: !!str 10.1.2.3/8}}]}]}\n",
        "spec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: \"10.1\\x2e2.3/8\"}}]}]}\n",
    ])
    func `where it is not sure what is meant nothing is changed`(before: String) {
        #expect(fixed(head + before).text == head + before)
    }

    @Test(arguments: [
        "spec: {podSelector: {}, ingress: [{from: [&a {namespaceSelector: {}}, &b {podSelector: {}}, *a]}]}\n",
        "x: &b {podSelector: {}}\nspec: {podSelector: {}, ingress: [{from: [{namespaceSelector: {}}, *b]}]}\n",
        "x: [&l 10.0.0.0/8, &h 11.1.2.3/8]\nspec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: *l, except: [*h, *l]}}]}]}\n",
        "x: &e [12.0.0.0/8, 10.1.0.0/16]\nspec:\n  podSelector: {}\n  ingress:\n  - from:\n    - ipBlock: {cidr: 10.0.0.0/8, "
            + "except: *e}\n    - ipBlock: {cidr: 10.0.0.0/8, except: *e}\n",
        "spec:\n  podSelector: {}\n  ingress:\n  - &r\n    from:\n    - ipBlock: {cidr: 0.0.0.0/0}\n  - *r\n",
        "x: &p [{podSelector: {}}]\nspec:\n  podSelector: {}\n  ingress:\n  - from: *p\n  - from: *p\n",
        "spec:\n  podSelector: {}\n  ingress:\n  - &r {ports: [{port: 90, endPort: 80}]}\n  - *r\n",
        "spec: {podSelectr: {}}",
        "spec:\n  podSelector: {}\n  ingress:\n  - from:\n    - podSelector: {}\n  - from:\n    - podSelector: {}",
    ])
    func `aliases and missing line ends break no fix`(before: String) {
        for onlySafe in [true, false] {
            let document = MarkedText(head + before).document()
            let result = FixedText.fixing(document, onlySafe: onlySafe, findings: findings)
            let after = SourceDocument(name: document.name, bytes: result.bytes)
            #expect(!findings(after).contains { $0.code == "V101" }, "\(String(decoding: result.bytes, as: UTF8.self))")
        }
    }

    @Test func `of two fixes for the same bytes the first is made`() {
        let place = SourceLocation(document: "x", line: 1, column: 1)
        let edits = [TextEdit(0..<3, with: "A"), TextEdit(2..<5, with: "B"), TextEdit(5..<5, with: "C")]
        let findings = edits.map { Finding("V999", .error, "", at: place, fix: Fix("", [$0], isSafe: true)) }
        let result = FixedText.applying(findings.reversed(), to: Array("abcdefg".utf8))
        #expect(String(decoding: result.bytes, as: UTF8.self) == "AdeCfg")
        #expect(result.conflicting.count == 1)
        let outside = Finding("V999", .error, "", at: place, fix: Fix("", [TextEdit(6..<9, with: "")], isSafe: true))
        #expect(FixedText.applying([outside], to: Array("abc".utf8)).applied.isEmpty)
    }

    @Test func `whatever is damaged, only the damage is mended, and mending again changes nothing`() {
        var random = SeededRandom()
        for round in 0..<400 {
            let text = DamagedPolicy(&random).text
            let document = MarkedText(text).document()
            let before = findings(document).filter { $0.fix?.isSafe == true }
            let once = FixedText.applying(before, to: document.bytes)
            #expect(Self.isSame(outside: once.applied.flatMap { $0.fix?.edits ?? [] }, document.bytes, once.bytes))
            let result = FixedText.fixing(document, findings: findings)
            let after = SourceDocument(name: document.name, bytes: result.bytes)
            let decoded = PolicyDecoder().decode(after)
            let note: Comment = "seed \(random.seed), round \(round):\n\(text)"
            #expect(!decoded.hasErrors, note)
            #expect(!findings(after).contains { $0.fix?.isSafe == true }, note)
            #expect(FixedText.fixing(after, findings: findings).bytes == result.bytes, note)
            #expect(
                String(decoding: result.bytes, as: UTF8.self).split(separator: "#").count
                    == text.split(separator: "#").count,
                note
            )
        }
    }

    /// Whether the bytes between the edits are the same in both texts.
    private static func isSame(outside edits: [TextEdit], _ before: [UInt8], _ after: [UInt8]) -> Bool {
        var (old, new) = (0, 0)
        for edit in Set(edits).sorted() {
            let length = edit.start - old
            guard new + length <= after.count, before[old..<edit.start] == after[new..<(new + length)] else {
                return false
            }
            old = edit.end
            new += length + edit.replacement.utf8.count
        }
        return before[old...].elementsEqual(after[min(new, after.count)...])
    }
}

/// A policy in a random layout with random faults that can be mended for sure.
private struct DamagedPolicy {
    var text = head

    init(_ random: inout SeededRandom) {
        func one(_ choices: [String]) -> String { choices.randomElement(using: &random) ?? "" }
        let quote = one(["", "'", "\""])
        text += "\(one(["spec", "spce", "spec"])):\n"
        text += "  \(one(["podSelector", "podSelectr", "podselector"])): {}\n"
        text += "  \(one(["ingress", "ingres", "\"ingress\""])):   # rules\n"
        for rule in 0...Int.random(in: 0...2, using: &random) {
            if Bool.random(using: &random) {
                text += "  - from:\n    - ipBlock:\n        cidr: \(quote)10.\(rule).0.\(one(["0", "1"]))/16\(quote)\n"
                text += one(["", "        except: [10.\(rule).1.0/24, 11.0.0.0/24, 12.0.0.0/24]\n"])
                text += one(["", "    - ipBlock: {cidr: \(quote)0.0.0.0/0\(quote)}   # all\n"])
            } else {
                let (low, high) = one(["a", "b"]) == "a" ? (80, 90) : (90, 80)
                text +=
                    "  - ports:\n    - {port: \(low), endPort: \(high)} # range\n    - \(one(["protocol", "protocl"])): UDP\n"
            }
            text += one(["", "  # between\n", "\n"])
        }
    }
}

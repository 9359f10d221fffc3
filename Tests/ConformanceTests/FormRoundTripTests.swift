// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation
import PolicyAnalysis
import PolicyModel
import Testing

/// Every policy of the cases and examples in the editor.
@Suite struct FormRoundTripTests {
    /// Texts by path: those of the cases, the examples, and of a directory of one's own (`PALISADE_POLICIES`).
    private static func texts() throws -> [(path: String, bytes: [UInt8])] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        var folders = [
            Bundle.module.bundleURL.appendingPathComponent("Cases"), root.appendingPathComponent("Examples"),
        ]
        if let own = ProcessInfo.processInfo.environment["PALISADE_POLICIES"] {
            folders.append(URL(fileURLWithPath: own))
        }
        var result: [(String, [UInt8])] = []
        for folder in folders {
            guard let paths = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil) else {
                continue
            }
            for case let file as URL in paths
            where ["yaml", "yml", "json"].contains(file.pathExtension) {
                let bytes = [UInt8](try Data(contentsOf: file))
                if String(decoding: bytes, as: UTF8.self).contains("NetworkPolicy") {
                    result.append((file.path, bytes))
                }
            }
        }
        return result.sorted { $0.0 < $1.0 }
    }

    @Test func `edits that change nothing leave every byte, and edits taken back restore them`() throws {
        var (files, forms, same, restored) = (0, 0, 0, 0)
        for (path, bytes) in try Self.texts() {
            files += 1
            let document = SourceDocument(name: path, bytes: bytes)
            // In a wrong text, an edit also mends what it replaces.
            let isWrong = path.contains("reject") || path.contains("refused")
            for shown in PolicyFormText(document).documents {
                guard let form = shown.form else { continue }
                forms += 1
                for (edit, other) in Self.edits(form).prefix(3) {
                    guard case .edited(let untouched) = FormEditor(document, document: shown.index).applying(edit)
                    else {
                        continue
                    }
                    same += 1
                    #expect(untouched == bytes, "\(path) \(edit)")
                    guard !isWrong else { continue }
                    guard case .edited(let changed) = FormEditor(document, document: shown.index).applying(other) else {
                        continue
                    }
                    let editor = FormEditor(SourceDocument(name: path, bytes: changed), document: shown.index)
                    guard case .edited(let back) = editor.applying(edit) else { continue }
                    restored += 1
                    #expect(back == bytes && changed != bytes, "\(path) \(other)")
                    #expect(Self.changedLines(bytes, changed) <= 1, "\(path) \(other)")
                }
            }
        }
        #expect(files >= 200 && forms >= 200, "\(files) files, \(forms) forms")
        #expect(same >= 400 && restored >= 300, "\(same) \(restored)")
    }

    /// Edits that say what the form says, each with one that says something else.
    private static func edits(_ form: PolicyForm) -> [(FormEdit, FormEdit)] {
        var result: [(FormEdit, FormEdit)] = []
        if let name = form.name { result.append((.setName(name: name), .setName(name: "other"))) }
        for test in form.subject.tests where test.test.comparison == .equals {
            let changed = LabelTest(test.test.key, .equals, ["other"])
            result.append((.setTest(id: test.part.id, test: test.test), .setTest(id: test.part.id, test: changed)))
        }
        for rule in form.inbound.rules + form.outbound.rules {
            for port in rule.ports where port.value.port.map({ Int($0) ?? 0 > 0 }) ?? false && port.value.endPort == nil
            {
                var other = port.value
                other.port = "4242"
                result.append((.setPort(id: port.part.id, port: port.value), .setPort(id: port.part.id, port: other)))
            }
            for peer in rule.peers {
                if case .block(_, let except) = peer.value, except.isEmpty {
                    result.append(
                        (
                            .setPeer(id: peer.part.id, peer: peer.value),
                            .setPeer(id: peer.part.id, peer: .block(cidr: "192.0.2.0/24", except: []))
                        )
                    )
                }
            }
        }
        return result
    }

    private static func changedLines(_ old: [UInt8], _ new: [UInt8]) -> Int {
        func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
            bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        }
        let (old, new) = (lines(old), lines(new))
        guard old.count == new.count else { return .max }
        return zip(old, new).count { $0 != $1 }
    }
}

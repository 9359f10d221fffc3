// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import PolicyAnalysis
public import PolicyModel

extension EditorModel {
    /// What became of writing a policy as the other kind.
    public enum Conversion: Hashable, Sendable {
        /// The text is of this kind now.
        case done(PolicyKind)
        /// The text is as it was: this kind cannot say what the policy means.
        case refused(PolicyKind, [Finding])
    }
}

extension PolicyForm {
    /// The kind that the policy can be converted to.
    public var conversionTarget: PolicyConversion.Target? {
        switch policyKind {
        case .networkPolicy: .cilium
        case .ciliumNetworkPolicy: .kubernetes
        default: nil
        }
    }
}

/// Writing a policy as the other kind, in the draft.
enum EditorConversion {
    static func offer(_ model: EditorModel) -> HTML {
        guard let target = model.document?.form?.conversionTarget, !model.isFormStale else { return .empty }
        return tag("details", .class("panel card"), .testID("editor.conversion")) {
            tag("summary") { "Convert" }
            tag("p") {
                target == .cilium
                    ? "A CiliumNetworkPolicy can also name entities, DNS names, services and HTTP requests."
                    : "A NetworkPolicy is enforced by every network that follows Kubernetes."
            }
            tag("p") {
                "The meaning stays, or nothing is changed. Of the comments inside the policy, those above its rules are kept."
            }
            tag("p") {
                tag("button", .type("submit"), .name("do"), .value("convert"), .testID("editor.convert")) {
                    "Convert to a \(target.kind.rawValue)"
                }
            }
        }
    }

    static func html(_ conversion: EditorModel.Conversion, _ model: EditorModel) -> HTML {
        switch conversion {
        case .done(let kind):
            tag("div", .class("notice remark"), .init("role", "status"), .testID("editor.converted")) {
                Icon.remark
                tag("p") {
                    "This draft is a \(kind.rawValue) now, with the same meaning. Diff shows how it is written; nothing is saved yet."
                }
            }
        case .refused(let kind, let findings):
            tag("div", .class("notice problem"), .init("role", "alert"), .testID("editor.converted")) {
                Icon.warning
                tag("div") {
                    tag("p") { "A \(kind.rawValue) cannot say what this policy means. Nothing was changed." }
                    tag("ul") {
                        for finding in findings {
                            tag("li") { "Line \(finding.location.line): \(finding.message)" }
                        }
                    }
                }
            }
        }
    }
}

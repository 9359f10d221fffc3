// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyAnalysis
import PolicyModel

/// On what a rule is: ports, and what requests there may be.
enum PortFields {
    static func html(_ rule: FormRule, _ form: PolicyForm, _ model: EditorModel) -> HTML {
        let id = rule.part.id
        return tag("fieldset", .class("plain")) {
            tag("legend", .class("verb")) { "on" }
            if rule.ports.isEmpty, rule.icmp.isEmpty { tag("p") { "every port" } }
            for port in rule.ports { one(port, model) }
            for icmp in rule.icmp { message(icmp, model) }
            tag("div", .class("fields add")) {
                EditorField.text("New port", "new.\(id).port", "", model)
                EditorField.choice("Protocol", "new.\(id).transport", EditorWords.transports, "TCP", model)
                EditorField.button("Add port", "addPort:\(id)")
            }
            requests(rule, form, model)
        }
    }

    private static func one(_ port: FormRule.Port, _ model: EditorModel) -> HTML {
        let id = port.part.id
        return tag("div", .class("fields chip"), .testID("editor.port.\(id)")) {
            EditorField.text("Port", "v.\(id).port", text(port.value), model)
            EditorField.choice(
                "Protocol",
                "v.\(id).transport",
                EditorWords.transports,
                port.value.transport ?? "",
                model
            )
            EditorField.remove("removePort:\(id)", "Remove port \(text(port.value))")
        }
    }

    /// `8080`, `8000-8100`, `http`; empty is every port.
    static func text(_ value: PortValue) -> String {
        (value.port ?? "") + (value.endPort.map { "-\($0)" } ?? "")
    }

    private static func message(_ icmp: FormRule.ICMP, _ model: EditorModel) -> HTML {
        let id = icmp.part.id
        return tag("div", .class("fields chip")) {
            EditorField.text("ICMP type", "v.\(id).type", icmp.value.type, model)
            EditorField.choice(
                "Family",
                "v.\(id).family",
                [("", "IPv4"), ("IPv4", "IPv4, written"), ("IPv6", "IPv6")],
                icmp.value.family ?? "",
                model
            )
            EditorField.remove("removeICMP:\(id)", "Remove ICMP type \(icmp.value.type)")
        }
    }

    @HTMLBuilder
    private static func requests(_ rule: FormRule, _ form: PolicyForm, _ model: EditorModel) -> HTML {
        let id = rule.part.id
        for http in rule.http {
            let name = "v.\(http.part.id)"
            tag("div", .class("fields chip")) {
                EditorField.text("HTTP method", name + ".method", http.value.method ?? "", model)
                EditorField.text("Path", name + ".path", http.value.path ?? "", model)
                EditorField.remove("removeHTTP:\(http.part.id)", "Remove this HTTP condition")
            }
        }
        for dns in rule.dns {
            tag("div", .class("fields chip")) {
                EditorField.text("DNS query", "v.\(dns.part.id).name", dns.value.name, model)
                EditorField.remove("removeDNS:\(dns.part.id)", "Remove this DNS condition")
            }
        }
        if form.policyKind == .networkPolicy {
            tag("p", .class("hint")) { "HTTP rules need a CiliumNetworkPolicy." }
        } else if !rule.ports.isEmpty {
            tag("div", .class("fields add")) {
                EditorField.text("HTTP method", "new.\(id).method", "", model)
                EditorField.text("Path", "new.\(id).path", "", model)
                EditorField.button("Add HTTP", "addHTTP:\(id)")
            }
        }
    }
}

/// What a new peer can be; kinds that this policy cannot have are shown with the reason.
enum NewPeer {
    static func html(_ id: String, _ direction: Direction, _ form: PolicyForm, _ model: EditorModel) -> HTML {
        tag("div", .class("fields add")) {
            controls(id, direction, form, model)
            EditorField.button("Add peer", "addPeer:\(id)")
        }
    }

    /// Kind, value and namespace of a peer; `id` is of the rule, or `inbound` for one that is to be made.
    @HTMLBuilder
    static func controls(_ id: String, _ direction: Direction, _ form: PolicyForm, _ model: EditorModel) -> HTML {
        let name = "new.\(id).kind"
        let elementID = EditorID.html(name)
        tag("div", .class("field inline")) {
            tag("label", .init("for", elementID)) { "New peer" }
            tag("select", .id(elementID), .name(name), .testID("editor.field.\(name)")) {
                for kind in kinds(direction, form) {
                    tag("option", .value(kind.value), .flag("disabled", kind.reason != nil)) {
                        kind.title + (kind.reason.map { " (\($0))" } ?? "")
                    }
                }
            }
        }
        EditorField.text("Labels, entity, addresses or name", "new.\(id).value", "", model)
        EditorField.text("Namespace", "new.\(id).namespace", "", model, list: "namespaces")
    }

    private static func kinds(
        _ direction: Direction,
        _ form: PolicyForm
    ) -> [(value: String, title: String, reason: String?)] {
        let needsCilium = form.policyKind == .networkPolicy ? "needs a CiliumNetworkPolicy" : nil
        let outboundOnly = direction == .ingress ? "outbound only" : nil
        return [
            ("pods", "Pods", nil), ("entity", "Entity", needsCilium), ("cidr", "Addresses", nil),
            ("dns", "DNS name", outboundOnly ?? needsCilium), ("service", "Service", outboundOnly ?? needsCilium),
        ]
    }
}

/// A rule that is to be made.
enum NewRule {
    static func html(_ direction: Direction, _ word: String, _ form: PolicyForm, _ model: EditorModel) -> HTML {
        tag(
            "details",
            .class("panel card new"),
            .testID("editor.new.\(word)"),
            .flag("open", model.problems["new.\(word)"] != nil)
        ) {
            tag("summary") { "Add \(word) rule" }
            tag("fieldset", .class("plain")) {
                tag("legend", .class("quiet")) { "New \(word) rule" }
                tag("div", .class("fields")) {
                    if form.policyKind != .networkPolicy {
                        EditorField.choice(
                            "Action",
                            "new.\(word).action",
                            [("allow", "Allow"), ("deny", "Deny")],
                            "allow",
                            model
                        )
                    }
                    NewPeer.controls(word, direction, form, model)
                    EditorField.text("Port", "new.\(word).port", "", model)
                    EditorField.choice("Protocol", "new.\(word).transport", EditorWords.transports, "TCP", model)
                    EditorField.button("Add rule", "addRule:\(word)")
                }
                if let problem = model.problems["new.\(word)"] {
                    tag("p", .class("problem")) {
                        Icon.warning
                        tag("span") { problem }
                    }
                }
            }
        }
    }
}

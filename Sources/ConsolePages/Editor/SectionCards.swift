// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives
import PolicyAnalysis
import PolicyModel

/// One direction: how far it is restricted, its rules, and one more to add.
enum SectionCards {
    static func html(_ section: FormSection, _ form: PolicyForm, _ model: EditorModel) -> HTML {
        let word = section.direction == .ingress ? "inbound" : "outbound"
        return tag("section", .class("direction"), .init("aria-labelledby", "\(word)-title"), .testID("editor.\(word)"))
        {
            tag("h2", .id("\(word)-title")) { word == "inbound" ? "Inbound" : "Outbound" }
            state(section, word, model)
            for (index, rule) in section.rules.enumerated() {
                if index > 0 { tag("p", .class("joint")) { "also allowed" } }
                RuleCard.html(rule, section, form, model)
            }
            for block in section.locked { LockedCard.html(block) }
            NewRule.html(section.direction, word, form, model)
        }
    }

    private static func state(_ section: FormSection, _ word: String, _ model: EditorModel) -> HTML {
        let choices: [(FormSection.State, String)] = [
            (.notRestricted, "Not restricted"), (.restricted, "Restricted"), (.denyAll, "Deny all"),
        ]
        return tag("fieldset", .class("segments")) {
            tag("legend", .class("quiet")) { "\(word.prefix(1).uppercased() + word.dropFirst()) traffic" }
            for (state, title) in choices {
                tag(
                    "button",
                    .type("submit"),
                    .name("edit"),
                    .value("setState:\(word):\(state.rawValue)"),
                    .init("aria-pressed", state == section.state ? "true" : "false"),
                    .testID("editor.state.\(word).\(state.rawValue)")
                ) { title }
            }
            tag("p", .class("hint")) { section.consequence }
            if let problem = model.problems["state.\(word)"] {
                tag("p", .class("problem")) {
                    Icon.warning
                    tag("span") { problem }
                }
            }
        }
    }
}

/// One rule, read as a sentence.
enum RuleCard {
    static func html(_ rule: FormRule, _ section: FormSection, _ form: PolicyForm, _ model: EditorModel) -> HTML {
        let id = rule.part.id
        let word = section.direction == .ingress ? "Inbound" : "Outbound"
        return tag(
            "fieldset",
            .class("panel card rule \(rule.action.rawValue)"),
            .id("rule-\(EditorID.html(id))"),
            .testID("editor.rule.\(id)"),
            .init("data-line", "\(rule.part.span.firstLine)"),
            .init("data-last-line", "\(rule.part.span.lastLine)")
        ) {
            tag("legend") { "\(word) rule \(rule.number)" }
            tag("p", .class("muted")) { model.ruleUse[id] ?? "" }
            action(rule, form, model)
            PeerFields.html(rule, section.direction, form, model)
            PortFields.html(rule, form, model)
            for block in rule.locked { LockedCard.html(block) }
            problem(id, model)
            tag("p", .class("actions")) {
                EditorField.button("Move up", "moveRule:\(id):-1")
                EditorField.button("Move down", "moveRule:\(id):1")
                EditorField.button("Duplicate", "duplicateRule:\(id)")
                EditorField.button("Delete", "removeRule:\(id)")
            }
        }
    }

    private static func problem(_ id: String, _ model: EditorModel) -> HTML {
        guard let problem = model.problems["part.\(id)"] else { return .empty }
        return tag("p", .class("problem")) {
            Icon.warning
            tag("span") { problem }
        }
    }

    private static func action(_ rule: FormRule, _ form: PolicyForm, _ model: EditorModel) -> HTML {
        guard form.policyKind != .networkPolicy else { return tag("p", .class("verb")) { "Allow" } }
        return EditorField.choice(
            "Action",
            "v.\(rule.part.id).action",
            [(RuleAction.allow.rawValue, "Allow"), (RuleAction.deny.rawValue, "Deny")],
            rule.action.rawValue,
            model
        )
    }
}

/// Whom a rule is about.
enum PeerFields {
    static func html(_ rule: FormRule, _ direction: Direction, _ form: PolicyForm, _ model: EditorModel) -> HTML {
        let word = direction == .ingress ? "from" : "to"
        return tag("fieldset", .class("plain")) {
            tag("legend", .class("verb")) { word }
            whom(rule, word)
            for (index, peer) in rule.peers.enumerated() {
                if index > 0 { tag("p", .class("joint")) { "OR" } }
                one(peer, form, model)
            }
            NewPeer.html(rule.part.id, direction, form, model)
        }
    }

    private static func whom(_ rule: FormRule, _ word: String) -> HTML {
        switch rule.whom {
        case .anyone: tag("p") { "anyone" }
        case .nobody: tag("p") { "nobody" }
        case .listed: .empty
        }
    }

    private static func one(_ peer: FormPeer, _ form: PolicyForm, _ model: EditorModel) -> HTML {
        let id = peer.part.id
        return tag("div", .class("peer"), .testID("editor.peer.\(id)")) {
            fields(peer, form, model)
            EditorField.remove("removePeer:\(id)", "Remove this peer")
            if let problem = model.problems["part.\(id)"] {
                tag("p", .class("problem")) {
                    Icon.warning
                    tag("span") { problem }
                }
            }
        }
    }

    @HTMLBuilder
    private static func fields(_ peer: FormPeer, _ form: PolicyForm, _ model: EditorModel) -> HTML {
        let name = "v.\(peer.part.id)"
        switch peer.value {
        case .pods(_, let namespaces): pods(peer, namespaces, form, model)
        case .entity(let entity):
            EditorField.choice("Entity", name + ".entity", EditorWords.entities, entity, model)
        case .block(let cidr, let except):
            EditorField.text("Addresses", name + ".cidr", cidr, model)
            EditorField.text("except", name + ".except", except.joined(separator: ", "), model)
        case .dnsName(let dns): EditorField.text("DNS name", name + ".dns", dns, model)
        case .dnsPattern(let pattern): EditorField.text("DNS pattern", name + ".pattern", pattern, model)
        case .service(let service, let namespace):
            EditorField.text("Service", name + ".service", service, model)
            EditorField.text("in namespace", name + ".namespace", namespace ?? "", model, list: "namespaces")
        }
    }

    @HTMLBuilder
    private static func pods(
        _ peer: FormPeer,
        _ namespaces: NamespaceChoice,
        _ form: PolicyForm,
        _ model: EditorModel
    ) -> HTML {
        tag("p") { "Pods " + place(namespaces, form) }
        if let selector = peer.namespaces {
            tag("fieldset", .class("plain")) {
                tag("legend") { "whose namespace has" }
                SelectorFields.html(selector, model)
            }
            tag("p", .class("joint")) { "AND" }
        }
        if let selector = peer.pods {
            tag("fieldset", .class("plain")) {
                tag("legend") { "whose labels have" }
                SelectorFields.html(selector, model)
            }
        }
        MatchCount.html(peer.part.id, model)
    }

    private static func place(_ namespaces: NamespaceChoice, _ form: PolicyForm) -> String {
        switch namespaces {
        case .own: "in \(form.namespace ?? "the same namespace")"
        case .all: "in every namespace"
        case .named(let name): "in namespace \(name)"
        case .matching: ""
        }
    }
}

/// Words that the form offers.
enum EditorWords {
    /// Of Cilium, "Entities based".
    static let entities = [
        "all", "world", "world-ipv4", "world-ipv6", "cluster", "host", "remote-node", "kube-apiserver", "init",
        "health",
        "unmanaged", "ingress",
    ].map { ($0, $0) }

    static let transports = [("", "any protocol"), ("TCP", "TCP"), ("UDP", "UDP"), ("SCTP", "SCTP"), ("ANY", "ANY")]
}

// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

internal import NetworkPrimitives

/// What a policy object's `metadata` says (Kubernetes `ObjectMeta`); fields that no reader needs are not looked at.
struct ObjectMetadata {
    /// The annotation that asks for a mode.
    static let modeAnnotation = "palisade.dev/mode"

    var name: String
    /// `nil` when none is given.
    var namespace: String?
    var labels: [String: String] = [:]
    var mode: Mode?

    /// Reads the metadata of an object; reports and returns `nil` without a valid name.
    init?(of object: ObjectReader) {
        guard let metadata = object["metadata"] else {
            object.field.report(.missing("\(object.field.path)", "\"metadata\" with a \"name\""))
            return nil
        }
        guard let reader = metadata.anyObject() else { return nil }
        guard let nameField = reader["name"] else {
            metadata.report(.missing("metadata", "a \"name\""))
            return nil
        }
        guard let name = nameField.string() else { return nil }
        if !NameSyntax.isDNSSubdomain(name) {
            nameField.report(
                .invalid("Name \"\(shown(name))\" must be lower-case letters, digits, \"-\" and \".\", at most 253.")
            )
        }
        self.name = name
        if let field = reader["namespace"], let namespace = field.string(), !namespace.isEmpty {
            if !NameSyntax.isDNSLabel(namespace) {
                field.report(
                    .invalid(
                        "Namespace \"\(shown(namespace))\" must be lower-case letters, digits and \"-\", at most 63."
                    )
                )
            }
            self.namespace = namespace
        }
        labels = Self.labels(reader["labels"])
        mode = Self.mode(reader["annotations"])
    }

    /// Labels of an object, each checked.
    static func labels(_ field: Field?) -> [String: String] {
        var result: [String: String] = [:]
        for entry in field?.stringMap() ?? [] {
            if let reason = NameSyntax.problem(labelKey: entry.name) {
                entry.reportKey(.badLabel(entry.name, reason: reason))
            }
            if let reason = NameSyntax.problem(labelValue: entry.value) {
                entry.reportValue(.badLabel(entry.value, reason: reason))
            }
            result[entry.name] = entry.value
        }
        return result
    }

    private static func mode(_ annotations: Field?) -> Mode? {
        var result: Mode?
        for entry in annotations?.stringMap() ?? [] where entry.name == modeAnnotation {
            result = Mode(rawValue: entry.value)
            if result == nil {
                entry.reportValue(
                    .notAllowed(entry.value, for: "annotation \(modeAnnotation)", allowed: ["audit", "blocking"])
                )
            }
        }
        return result
    }
}

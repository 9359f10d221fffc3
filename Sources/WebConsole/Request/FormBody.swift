// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import Foundation

/// The fields of an HTML form, as browsers send them (WHATWG URL, application/x-www-form-urlencoded).
struct FormBody: Hashable, Sendable {
    /// A form has at most this many bytes: a policy text of the editor is the largest.
    static let largestSize = 4 << 20
    /// Of somebody who did not sign in: a form of sign-in or setup.
    static let largestSizeOfNobody = 64 << 10
    static let largestFieldCount = 2_000

    private var fields: [(name: String, value: String)] = []

    init() {}

    /// - Throws: `ServiceError` `badRequest` for text that is not a form, or has too many fields.
    init(parsing text: some StringProtocol) throws {
        for pair in text.split(separator: "&", omittingEmptySubsequences: true) {
            guard fields.count < Self.largestFieldCount else {
                throw ServiceError(.badRequest, "The form has more than \(Self.largestFieldCount) fields.")
            }
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(parts[0]), let value = Self.decoded(parts.count > 1 ? parts[1] : "") else {
                throw ServiceError(.badRequest, "The form is not encoded as browsers do.")
            }
            fields.append((name, value))
        }
    }

    /// The first field of the name; line ends as they were typed.
    subscript(_ name: String) -> String? { fields.first { $0.name == name }?.value }

    /// In the order of the form; a name may stand twice.
    var names: [String] { fields.map(\.name) }

    func all(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

    static func == (left: FormBody, right: FormBody) -> Bool {
        left.fields.elementsEqual(right.fields) { $0 == $1 }
    }

    func hash(into hasher: inout Hasher) {
        for field in fields {
            hasher.combine(field.name)
            hasher.combine(field.value)
        }
    }

    private static func decoded(_ text: some StringProtocol) -> String? {
        text.replacingOccurrences(of: "+", with: " ").removingPercentEncoding
    }
}

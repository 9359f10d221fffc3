// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ConsolePages
import ControlPlane
import FlowModel

/// A page that somebody moved to from another environment: what its filter names and this one does not have is left out.
enum MovedFilter {
    /// Set by the list of environments: the one that somebody came from.
    static let mark = "was"
    /// The terms that were left out, for the sentence on the page.
    private static let leftOut = "left-out"

    /// Where the page is without such terms; `nil` when nobody moved.
    static func target(_ request: PageRequest) async throws -> Link? {
        guard request.query(mark) != nil else { return nil }
        let known = try await request.place().insight.coverage(request.view).items
        let policies = try await request.place().service.policies(request.view).items.map(\.fullName)
        let names: [FlowFilter.Key: [String]] = [
            .namespace: known.map(\.namespace), .workload: known.map { "\($0.namespace)/\($0.workload)" },
            .policy: policies,
        ]
        var filter = FilterText(request.query("q") ?? "")
        let missing = filter.tokens.filter { isMissing($0, names) }
        filter.tokens.removeAll(where: missing.contains)
        var link = request.location.removing(mark)
        if !missing.isEmpty {
            link = link.setting("q", filter.tokens.isEmpty ? nil : filter.text)
            link = link.setting(leftOut, missing.joined(separator: " "))
        }
        return link
    }

    private static func isMissing(_ token: String, _ names: [FlowFilter.Key: [String]]) -> Bool {
        // What cannot be read stays in the filter, where its chip says why.
        guard let term = (try? FlowFilter(parsing: token))?.terms.first, let known = names[term.key],
            case .glob(let glob) = term.value
        else { return false }
        return !known.contains { name in
            // A workload may be written without its namespace.
            glob.matches(name) || glob.matches(String(name.split(separator: "/").last ?? ""))
        }
    }

    /// The sentence about what was left out; only terms of a filter are repeated, whatever the address says.
    static func notices(_ request: PageRequest) -> [PageContext.Notice] {
        let terms = FilterText(request.query(leftOut) ?? "").tokens.filter { (try? FlowFilter(parsing: $0)) != nil }
        guard !terms.isEmpty, let name = request.environment?.name else { return [] }
        return [.init(.remark, "Not in \(name), so left out of the filter: \(terms.joined(separator: ", ")).")]
    }

    /// The place of the page without what is said once only.
    static func location(_ link: Link) -> Link { link.removing(mark, leftOut) }
}

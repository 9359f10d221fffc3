// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ControlPlane
import Foundation
import Testing

@testable import WebConsole

/// Lists that are longer than a page, by API and by page.
@Suite struct PagingTests {
    private static let users = (0..<230).map { "user-\($0)" }
    private static let policies = (0..<230).map { "policy-\($0)" }

    /// Every page, following `next`, with how many items each has.
    private static func all<List: PagedList>(_ client: Client, _ path: String, _ type: List.Type) async throws -> [List]
    {
        var pages: [List] = [try await client.get(path).value()]
        while let cursor = pages.last?.next, pages.count < 10 {
            pages.append(try await client.get("\(path)&cursor=\(Client.encoded(cursor))").value())
        }
        return pages
    }

    @Test func `lists of the API come in pages that together are whole`() async throws {
        try await ConsoleLab.serving { lab in
            for name in Self.users {
                _ = try await lab.access.createUser(UserDraft(name: name), by: .owner, from: ConsoleLab.origin)
            }
            let root = try await lab.browser("root")
            let pages = try await Self.all(root, "/api/v1/users?limit=100", UserList.self)
            let names = lab.access.users(by: .owner).items.map(\.name)
            #expect(pages.map(\.items.count) == [100, 100, names.count - 200])
            #expect(pages.flatMap(\.items).map(\.name) == names)
            // Somebody who is deleted between two pages takes nobody along.
            try await lab.access.deleteUser(names[99], by: .owner, from: ConsoleLab.origin)
            let cursor = Client.encoded(try #require(pages[0].next))
            let next: UserList = try await root.get("/api/v1/users?cursor=\(cursor)").value()
            #expect(next.items.map(\.name) == pages[1].items.map(\.name))
            for wrong in ["limit=0", "limit=1001", "limit=x"] {
                #expect(try await root.get("/api/v1/users?\(wrong)").status == 400, "\(wrong)")
            }
        }
    }

    @Test func `pages of lists lead to the next, and every row is on one`() async throws {
        try await ConsoleLab.serving { lab in
            let folder = lab.folder + "/production/policies/"
            for name in Self.policies.dropLast() {
                let text = LabWorld.isolation("shop", "api", name: name)
                try Data(text.utf8).write(to: URL(filePath: folder + name + ".yaml"))
            }
            // Saving one makes the others known as well.
            let last = LabWorld.isolation("shop", "api", name: try #require(Self.policies.last))
            _ = try await lab.production.save(SaveRequest(path: "last.yaml", text: last, base: ""))
            let root = try await lab.browser("root")
            var (path, rows, pages): (String?, [String], Int) = ("/e/production/policies?q=policy-", [], 0)
            while let place = path, pages < 10 {
                let body = try await root.get(place).body
                rows += body.matches(of: /policies\.row\.shop\/(policy-\d+)"/).map { String($0.1) }
                #expect(body.contains("page.first") == (pages > 0))
                path = body.firstMatch(of: /href="([^"]*)" data-testid="page.next"/).map {
                    String($0.1).replacing("&amp;", with: "&")
                }
                pages += 1
            }
            #expect(pages == 3 && rows.count == Self.policies.count && Set(rows) == Set(Self.policies))
            let list = try await Self.all(root, "/api/v1/environments/production/policies?limit=150", PolicyList.self)
            #expect(list.map(\.items.count) == [150, 82] && list.map(\.total) == [232, 232])
        }
    }
}

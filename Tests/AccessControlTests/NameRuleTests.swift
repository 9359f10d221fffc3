// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import Testing

@Suite struct NameRuleTests {
    @Test(arguments: ["author1", "a", "ann.lee@corp.example", "0day", String(repeating: "a", count: 64)])
    func `an ordinary user name is accepted`(_ name: String) {
        #expect(NameRule.user.problem(name) == nil)
    }

    @Test(arguments: [
        "", "owner", "system", "anonymous", "token", "Author", "a b", ".a", "a/b", "a\u{0}", "a\u{202e}b", "é", "a\n",
        String(repeating: "a", count: 65), "<script>",
    ])
    func `a user name that could pass for something else is refused`(_ name: String) {
        #expect(NameRule.user.problem(name) != nil)
    }

    @Test func `paths of groups nest to a depth`() {
        #expect(NameRule.groupPath.problem("platform/edge") == nil)
        let deep = Array(repeating: "a", count: NameRule.deepestPath)
        #expect(NameRule.groupPath.problem(deep.joined(separator: "/")) == nil)
        #expect(NameRule.groupPath.problem((deep + ["a"]).joined(separator: "/")) != nil)
        for path in ["", "/", "a/", "/a", "a//b", "a/../b", "A"] { #expect(NameRule.groupPath.problem(path) != nil) }
    }

    @Test func `a display name may have any letters, and nothing that turns or hides text`() {
        #expect(NameRule.display.problem("Zoë Ångström 山田") == nil)
        for name in ["", "a\u{202e}b", "a\u{200b}", "a\nb", "a\u{1b}[31m", String(repeating: "é", count: 65)] {
            #expect(NameRule.display.problem(name) != nil)
        }
    }

    @Test func `scopes are read as they are written, and nothing else is`() {
        let scopes: [Scope] = [
            .everywhere, .group("platform/edge"), .environment("production"),
            .namespace(environment: "production", namespace: "shop"),
        ]
        for scope in scopes { #expect(Scope(scope.description) == scope) }
        for text in [
            "", "every", "everywhere/", "group/", "environment/a/b", "namespace/a", "namespace/a/b/c", "server",
        ] {
            #expect(Scope(text) == nil, "\(text)")
        }
    }

    @Test func `a password is judged by its length`() {
        #expect(PasswordRule.problem("correct horse battery", user: "ann") == nil)
        #expect(PasswordRule.problem("elevenchars", user: "ann") != nil)
        #expect(PasswordRule.problem("ann.lee@corp.example", user: "ANN.lee@corp.example") != nil)
        #expect(PasswordRule.problem("aaaaaaaaaaaaaaaa", user: "ann") != nil)
        let longest = String(repeating: "abcdefgh", count: 128)
        #expect(PasswordRule.problem(longest, user: "ann") == nil)
        #expect(PasswordRule.problem(longest + "x", user: "ann") != nil)
    }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import PolicyModel
import Testing

@Suite struct PolicyPathTests {
    @Test(arguments: ["shared/\u{301}x.yaml", "shared\u{600}/x.yaml", "disabled/\u{301}x.yaml"])
    func `a slash is one whatever stands beside it`(_ path: String) {
        #expect(PolicyPath.parts(of: path).count == 2)
        #expect(PolicyPath.isDisabled(path) == path.utf8.starts(with: "disabled/".utf8))
    }

    @Test(arguments: ["dir\u{600}/.x.yaml", "a/\u{301}/../b.yaml", "a\u{600}/../b.yaml", "/a.yaml", "a//b.yaml"])
    func `what leads elsewhere, or hides, is refused also beside combining marks`(_ path: String) {
        #expect(PolicyPath.problem(path) != nil)
    }

    @Test func `enabled is in no folder of what is not in force`() {
        #expect(PolicyPath.enabled("disabled/disabled/a.yaml") == "a.yaml")
        #expect(PolicyPath.enabled("disabled/shop/a.yaml") == "shop/a.yaml")
        #expect(PolicyPath.disabled("disabled/a.yaml") == "disabled/a.yaml")
        #expect(!PolicyPath.isDisabled("disabled.yaml"))
    }
}

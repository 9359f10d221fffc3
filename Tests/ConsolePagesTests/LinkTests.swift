// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ConsolePages
import Testing

@Suite struct LinkTests {
    @Test func valuesNeverLeaveThePathTheyArePutIn() {
        #expect("\(Link("e", "a/b?c#d", "flows"))" == "/e/a%2Fb%3Fc%23d/flows")
        #expect("\(Link("..", "."))" == "/%2E%2E/%2E")
        #expect("\(Link("", "evil.example"))".hasPrefix("//") == false)
        #expect("\(Link("e", query: ["q": "a&b=c d+é"]))" == "/e?q=a%26b%3Dc%20d%2B%C3%A9")
    }

    @Test func parametersAreSetInPlaceAndRemoved() {
        let link = Link("e", query: ["a": "1", "b": "2", "a": "3"])
        #expect("\(link.setting("a", "4"))" == "/e?a=4&b=2")
        #expect("\(link.setting("a", nil))" == "/e?b=2")
        #expect("\(link.removing("a", "b"))" == "/e")
    }
}

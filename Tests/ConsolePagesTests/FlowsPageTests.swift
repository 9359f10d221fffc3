// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ConsolePages
import ControlPlane
import FlowModel
import NetworkPrimitives
import Testing

@Suite struct FlowsPageTests {
    private func page(_ model: FlowsModel, query: [Link.Parameter] = []) -> (text: String, html: StrictHTML) {
        let context = Samples().context("e", "production", "flows", query: query)
        let text = Shell.document(FlowsPage.page(model, context), context)
        return (text, StrictHTML(text))
    }

    @Test func termsGoInAndOutOfAFilterWithoutTouchingTheOthers() {
        let filter = FilterText(#"ns:shop -to.ns:"kube system" "two words""#)
        #expect(filter.tokens == ["ns:shop", #"-to.ns:"kube system""#, #""two words""#])
        #expect(filter.toggling("verdict:dropped").toggling("verdict:dropped") == filter)
        #expect(filter.toggling("-ns:shop").tokens == [#"-to.ns:"kube system""#, #""two words""#, "-ns:shop"])
        #expect(FilterText.term("label", #"a "b" \c"#) == #"label:"a \"b\" \\c""#)
        #expect(throws: Never.self) { try FlowFilter(parsing: FilterText.term("label", #"a "b" \c"#)) }
    }

    @Test func whatCannotBeReadIsARedChipAndStays() {
        let (text, html) = page(
            Samples().flowsModel(query: "ns:shop prot:tcp"),
            query: [.init("q", "ns:shop prot:tcp")]
        )
        let chips = html.elements.filter { $0.attributes["class"]?.hasPrefix("chip") == true && $0.name == "li" }
        #expect(chips.compactMap { $0.attributes["class"] } == ["chip", "chip bad"])
        #expect(text.contains("Unknown filter key"))
    }

    @Test func removingTheLastChipGivesThePlainAddress() {
        let (_, html) = page(Samples().flowsModel(query: "ns:shop"), query: [.init("q", "ns:shop")])
        let remove = html.elements.first { $0.attributes["aria-label"] == "Remove ns:shop" }
        #expect(remove?.attributes["href"] == "/e/production/flows")
    }

    @Test func theTruthLineSaysWhatIsHiddenAndLost() {
        let (text, _) = page(Samples().flowsModel())
        #expect(
            text.contains(
                "5 rows from 55,663 of 60,101 events · 3,102 hidden by &quot;DNS lookups&quot; · events lost: 1,840"
            )
        )
    }

    @Test func theStoryNamesWhatIsolatesAndSaysThatNoRuleAllows() {
        let story = DecisionStory.sentences(Samples().groups[0])
        #expect(
            story == [
                "Dropped at inbound of data/db.", "2 policies isolate it inbound: data/db-allow-api, data/db-deny.",
                "Neither allows TCP 5432 from shop/web.",
            ]
        )
        #expect(DecisionStory.sentences(Samples().groups[1]) == ["Allowed by shop/allow-web, inbound rule 1."])
    }

    @Test func rowsHaveIdsThatTellConnectionsApartAndStay() {
        let groups = Samples().groups
        #expect(Set(groups.map(\.rowID)).count == groups.count)
        #expect(groups.map(\.rowID) == Samples().groups.map(\.rowID))
        var counted = groups[0]
        counted.count += 1
        #expect(counted.rowID == groups[0].rowID)
    }

    @Test func theThreeVerdictsDifferInTextAndSign() {
        let (text, html) = page(Samples().flowsModel())
        for word in ["Allowed", "Dropped", "Would drop"] { #expect(text.contains("<span>\(word)</span>")) }
        for icon in ["allowed", "dropped", "would-drop"] {
            #expect(html.elements.contains { $0.attributes["class"] == "icon icon-\(icon)" })
        }
    }

    @Test func aPageOfAHundredRowsIsSmall() {
        let (text, html) = page(Samples().flowsModel(rows: 20))
        #expect(html.elements.count { $0.attributes["data-testid"] == "flows.row" } == 100)
        #expect(text.utf8.count < 500_000)
        #expect(Deflated.estimate(Array(text.utf8)) < 150_000)
    }
}

/// Bytes after a greedy LZ77 with a window of 32 KB, three bytes for a match and one for a literal: above what gzip makes.
enum Deflated {
    static func estimate(_ bytes: [UInt8]) -> Int {
        var last: [UInt32: Int] = [:]
        var (index, size) = (0, 0)
        while index + 4 <= bytes.count {
            let key = bytes[index..<(index + 4)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            var length = 0
            if let match = last[key], index - match < 32_768 {
                while index + length < bytes.count, length < 258, bytes[match + length] == bytes[index + length] {
                    length += 1
                }
            }
            last[key] = index
            size += length >= 4 ? 3 : 1
            index += max(1, length)
        }
        return size + bytes.count - index
    }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Small drawings of our own; each is hidden from readers, the text beside it says the same.
enum Icon {
    static let brand = icon("brand", "M2 13V5l2-2 2 2v8M6 13V5l2-2 2 2v8M10 13V5l2-2 2 2v8M1 8h14")
    static let menu = icon("menu", "M2 4h12M2 8h12M2 12h12")
    static let allowed = icon("allowed", "M2.5 8.5l3.5 3.5 7.5-8")
    static let dropped = icon("dropped", "M3.5 3.5l9 9M12.5 3.5l-9 9")
    static let wouldDrop = icon("would-drop", "M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2M8 2v12M8 5h4M8 8h6M8 11h4")
    static let warning = icon("warning", "M8 2L1.5 13.5h13zM8 6.5v3.5M8 11.7v.6")
    static let remark = icon("remark", "M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2M8 7v4M8 4.7v.6")
    static let dot = icon("dot", "M8 4a4 4 0 1 0 0 8A4 4 0 1 0 8 4")
    static let person = icon("person", "M8 2.5a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 1 0 0-5.4M2.5 14a5.5 4.5 0 0 1 11 0")
    static let workload = icon("workload", "M2.5 5L8 2l5.5 3v6L8 14l-5.5-3zM2.5 5L8 8l5.5-3M8 8v6")
    static let host = icon("host", "M2 3h12v4H2zM2 9h12v4H2zM4.5 5h.6M4.5 11h.6")
    static let world = icon("world", "M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2M2 8h12M8 2c-4 4-4 8 0 12M8 2c4 4 4 8 0 12")
    static let unknown = icon("unknown", "M5.5 6a2.5 2.5 0 1 1 3.5 2.3c-.7.4-1 .8-1 1.7M8 12.4v.6")
    static let cluster = icon("cluster", "M8 1.5l5.6 3.2v6.6L8 14.5l-5.6-3.2V4.7zM8 5l2.6 1.5v3L8 11 5.4 9.5v-3z")
    static let close = icon("close", "M4 4l8 8M12 4l-8 8")

    static func section(_ section: Page.Section) -> HTML {
        switch section {
        case .overview: icon("nav", "M2 2h5v6H2zM9 2h5v3H9zM9 7h5v7H9zM2 10h5v4H2z")
        case .flows: icon("nav", "M2 4h9M8.5 1.5L11 4 8.5 6.5M14 12H5M7.5 9.5L5 12l2.5 2.5")
        case .map: icon("nav", "M3 5a2 2 0 1 0 .1 0M13 3a2 2 0 1 0 .1 0M12 11a2 2 0 1 0 .1 0M5 7l6-1.5M4.7 8.2l5.6 4")
        case .statistics: icon("nav", "M2 14h12M4 14V9M8 14V3M12 14V6")
        case .policies: icon("nav", "M8 1.5L13.5 4v4c0 3-2.3 5.5-5.5 6.5C4.8 13.5 2.5 11 2.5 8V4z")
        case .explain: icon("nav", "M3 3h10v8H8l-3 3v-3H3zM8 5.2v.6M8 7.5v2")
        case .audit: icon("nav", "M3 2h7l3 3v9H3zM5.5 7h5M5.5 10h5")
        case .settings: icon("nav", "M2 4.5h7M12 4.5h2M9 3v3h3V3zM2 11.5h2M7 11.5h7M4 10v3h3v-3z")
        }
    }

    static func icon(_ name: StaticString, _ path: StaticString) -> HTML {
        tag("svg", .class("icon icon-\(name)"), .init("viewBox", "0 0 16 16"), .hidden) {
            tag("path", .init("d", "\(path)"))
        }
    }
}

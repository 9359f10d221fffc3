// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ControlPlane
import FlowModel

/// Chooses the range of time: links and a form, so that it works without scripts.
enum TimeRangeControl {
    static func html(_ choice: TimeRangeChoice, _ context: PageContext) -> HTML {
        let hasProblem = choice.fromProblem != nil || choice.toProblem != nil
        return tag("div", .class("range"), .testID("range")) {
            tag("details", .class("menu"), .id("range-menu"), .flag("open", hasProblem)) {
                tag("summary", .testID("range.current")) {
                    tag("span", .class("menu-caption")) { "Time" }
                    tag("strong") { choice.title(context.clock) }
                    tag("span", .class("muted")) { context.zone.name }
                }
                tag("div", .class("menu-body")) {
                    presets(choice, context)
                    form(choice, context)
                }
            }
            zoom(choice, context)
            if !choice.isRelative {
                tag("p", .class("muted"), .testID("range.fixed")) {
                    "Fixed range, not updating. "
                    tag("a", .href(target(choice.standard, "now", context))) { "Back to live" }
                }
            }
        }
    }

    private static func target(_ from: String, _ to: String?, _ context: PageContext) -> Link {
        context.location.setting("from", from).setting("to", to).removing("cursor")
    }

    private static func presets(_ choice: TimeRangeChoice, _ context: PageContext) -> HTML {
        tag("ul", .class("presets"), .label("Ranges")) {
            if choice.offersLive { preset("Live", "live", choice, context) }
            for item in TimeRangeChoice.presets {
                if let kept = choice.keptSeconds, item.seconds > kept {
                    tag("li") {
                        tag("span", .class("disabled"), .init("tabindex", "0"), .testID("range.\(item.from)")) {
                            item.title
                            tag("span", .class("muted")) {
                                "Flows are kept for \(Figures.duration(seconds: kept)) (Settings, Retention)"
                            }
                        }
                    }
                } else {
                    preset(item.title, item.from, choice, context)
                }
            }
        }
    }

    private static func preset(
        _ title: String,
        _ from: String,
        _ choice: TimeRangeChoice,
        _ context: PageContext
    ) -> HTML {
        let isCurrent = choice.from == from && (choice.to == "now" || from == "live")
        return tag("li") {
            tag(
                "a",
                .href(target(from, nil, context)),
                .init("aria-current", isCurrent ? "true" : nil),
                .testID("range.\(from)")
            ) { title }
        }
    }

    private static func form(_ choice: TimeRangeChoice, _ context: PageContext) -> HTML {
        let kept = context.location.query.filter { !["from", "to", "refresh", "cursor"].contains($0.name) }
        return Form.get(context.location, keeping: kept, .class("range-form")) {
            Form.input(
                "From",
                name: "from",
                id: "range-from",
                value: choice.from,
                hint: "now-8h, or 2026-11-22 08:00",
                problem: choice.fromProblem,
                .type("text"),
                .init("autocomplete", "off")
            )
            Form.input(
                "To",
                name: "to",
                id: "range-to",
                value: choice.isLive ? "now" : choice.to,
                hint: "now, or a time in \(context.zone.name)",
                problem: choice.toProblem,
                .type("text"),
                .init("autocomplete", "off")
            )
            Form.select(
                "Refresh",
                name: "refresh",
                id: "range-refresh",
                options: refreshes,
                selected: "\(choice.refresh)"
            )
            Form.submit("Apply", .testID("range.apply"))
        }
    }

    private static let refreshes = [
        (value: "0", text: "Off"), (value: "5", text: "5 s"), (value: "10", text: "10 s"), (value: "30", text: "30 s"),
        (value: "60", text: "1 min"), (value: "300", text: "5 min"), (value: "-1", text: "Auto"),
    ]

    private static func zoom(_ choice: TimeRangeChoice, _ context: PageContext) -> HTML {
        let half = (choice.range.to - choice.range.from) / 2
        let now = context.now.microseconds
        let to = min(now, choice.range.to + half)
        let from = to - 4 * half
        return group {
            if half > 0, !choice.isLive {
                tag(
                    "a",
                    .class("button small"),
                    .testID("range.out"),
                    .href(target("\(Timestamp(microseconds: from))", "\(Timestamp(microseconds: to))", context))
                ) { "Zoom out" }
            }
            if choice.from != choice.standard || choice.to != "now" {
                tag(
                    "a",
                    .class("button small"),
                    .testID("range.reset"),
                    .href(context.location.removing("from", "to", "cursor"))
                ) { "Reset" }
            }
        }
    }
}

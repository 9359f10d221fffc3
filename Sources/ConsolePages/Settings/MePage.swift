// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import ControlPlane

/// What the page about oneself shows.
public struct MeModel: Hashable, Sendable {
    public struct Session: Hashable, Sendable {
        public var id: String
        /// Browser, shortened.
        public var client: String
        public var address: String
        public var started: Timestamp
        public var lastUsed: Timestamp
        public var isCurrent: Bool

        public init(
            id: String,
            client: String,
            address: String,
            started: Timestamp,
            lastUsed: Timestamp,
            isCurrent: Bool = false
        ) {
            self.id = id
            self.client = client
            self.address = address
            self.started = started
            self.lastUsed = lastUsed
            self.isCurrent = isCurrent
        }
    }

    /// `browser`, `utc`, `environment`.
    public var zone: String
    public var pageSize: Int
    public var sessions: [Session]
    public var tokens: [SettingsModel.Token]
    public var newSecret: SettingsModel.NewSecret?
    public var problem: String?
    /// Whether there is a password here to change.
    public var hasPassword: Bool

    public init(
        zone: String = "browser",
        pageSize: Int = 100,
        sessions: [Session],
        tokens: [SettingsModel.Token] = [],
        newSecret: SettingsModel.NewSecret? = nil,
        problem: String? = nil,
        hasPassword: Bool = true
    ) {
        self.zone = zone
        self.pageSize = pageSize
        self.sessions = sessions
        self.tokens = tokens
        self.newSecret = newSecret
        self.problem = problem
        self.hasPassword = hasPassword
    }
}

/// Preferences, sessions, tokens and password of whoever is signed in.
public enum MePage {
    private static let action = Link("me")

    public static func page(_ model: MeModel, _ context: PageContext) -> Page {
        let body = group {
            if let problem = model.problem { NoticeLine.html(.init(.problem, problem)) }
            if let secret = model.newSecret {
                NewSecretBox.html(secret, next: Link(segments: context.location.segments))
            }
            Panel.html("Preferences", id: "me.preferences", context) { preferences(model, context) }
            if model.hasPassword { Panel.html("Password", id: "me.password", context) { password(context) } }
            Panel.html("Sessions", id: "me.sessions", context) { sessions(model, context) }
            TokenSettings.html(model.tokens, action: action, context)
        }
        return Page(title: "You", heading: context.viewer?.name ?? "You", crumbs: [.init("You")], body: body)
    }

    private static func preferences(_ model: MeModel, _ context: PageContext) -> HTML {
        Form.post(action, context, .class("form-grid"), .testID("me.form")) {
            UserSettings.hidden([("action", "preferences")])
            Form.select(
                "Theme",
                name: "theme",
                id: "me-theme",
                options: PageContext.Theme.allCases.map { (value: $0.rawValue, text: $0.rawValue) },
                selected: context.theme.rawValue
            )
            Form.select(
                "Times in",
                name: "zone",
                id: "me-zone",
                options: [
                    (value: "browser", text: "the browser's zone"), (value: "utc", text: "UTC"),
                    (value: "environment", text: "the environment's zone"),
                ],
                selected: model.zone
            )
            Form.select(
                "Rows on a page",
                name: "rows",
                id: "me-rows",
                options: [50, 100, 200, 500].map { (value: "\($0)", text: "\($0)") },
                selected: "\(model.pageSize)"
            )
            tag("div", .class("checks")) {
                tag("label") {
                    tag(
                        "input",
                        .type("checkbox"),
                        .init("role", "switch"),
                        .name("shortcuts"),
                        .value("on"),
                        .flag("checked", context.hasShortcuts)
                    )
                    tag("span") { "Single-key shortcuts" }
                }
            }
            Form.submit("Save")
        }
    }

    private static func password(_ context: PageContext) -> HTML {
        Form.post(action, context, .class("form-grid")) {
            UserSettings.hidden([("action", "password")])
            Form.input(
                "Current password",
                name: "current",
                id: "me-current",
                .type("password"),
                .init("autocomplete", "current-password"),
                .flag("required")
            )
            Form.input(
                "New password",
                name: "password",
                id: "me-new",
                hint: "At least 12 characters.",
                .type("password"),
                .init("autocomplete", "new-password"),
                .init("minlength", "12"),
                .flag("required")
            )
            Form.submit("Change password")
        }
    }

    private static func sessions(_ model: MeModel, _ context: PageContext) -> HTML {
        DataTable.html(
            "Sessions",
            id: "me.sessions.rows",
            columns: ["Client", "Address", "Started", "Last used", "Action"].map { .init($0) }
        ) {
            for session in model.sessions {
                tag("tr") {
                    tag("th", .init("scope", "row")) {
                        Shortened.html(session.client, to: 48)
                        if session.isCurrent { tag("span", .class("tag")) { "this one" } }
                    }
                    tag("td", .class("mono")) { session.address }
                    tag("td") { context.clock.ageHTML(session.started) }
                    tag("td") { context.clock.ageHTML(session.lastUsed) }
                    tag("td") {
                        Form.post(action, context) {
                            UserSettings.hidden([("action", "end-session"), ("session", session.id)])
                            UserSettings.button("End", "End the session of \(session.client)")
                        }
                    }
                }
            }
        }
    }
}

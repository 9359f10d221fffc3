// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import ControlPlane

/// What the sign-in page shows.
public struct SignInModel: Hashable, Sendable {
    /// Why it did not work: the same for an unknown user and a wrong password.
    public enum Failure: Hashable, Sendable {
        case wrong
        case locked(until: Timestamp)
        /// What the identity provider said, in a sentence.
        case provider(String)
    }

    /// Sign-in elsewhere: its title and where it starts.
    public struct Provider: Hashable, Sendable {
        public var title: String
        public var link: Link

        public init(title: String, link: Link) {
            self.title = title
            self.link = link
        }
    }

    /// As typed before.
    public var name: String
    public var failure: Failure?
    /// A path of the console, kept through the sign-in; checked by the server before it leads anywhere.
    public var next: String?
    public var providers: [Provider]
    /// Whether a session has ended while it was used.
    public var hasExpired: Bool

    public init(
        name: String = "",
        failure: Failure? = nil,
        next: String? = nil,
        providers: [Provider] = [],
        hasExpired: Bool = false
    ) {
        self.name = name
        self.failure = failure
        self.next = next
        self.providers = providers
        self.hasExpired = hasExpired
    }
}

/// Signs in people.
public enum SignInPage {
    public static func page(_ model: SignInModel, _ context: PageContext) -> Page {
        let body = tag("div", .class("card"), .testID("sign-in.card")) {
            if model.hasExpired {
                NoticeLine.html(.init(.remark, "Your session has ended. Sign in to go on where you were."))
            }
            if let failure = model.failure { NoticeLine.html(.init(.problem, text(failure, context))) }
            Form.post(Link("login"), context, .testID("sign-in.form")) {
                if let next = model.next { tag("input", .type("hidden"), .name("next"), .value(next)) }
                Form.input(
                    "User name",
                    name: "name",
                    id: "name",
                    value: model.name,
                    .type("text"),
                    .init("autocomplete", "username"),
                    .init("autocapitalize", "none"),
                    .init("spellcheck", "false"),
                    .flag("required")
                )
                Form.input(
                    "Password",
                    name: "password",
                    id: "password",
                    .type("password"),
                    .init("autocomplete", "current-password"),
                    .flag("required")
                )
                Form.submit("Sign in", .testID("sign-in.submit"))
            }
            if !model.providers.isEmpty {
                tag("p", .class("or")) { "or" }
                for provider in model.providers {
                    tag("p") {
                        tag("a", .class("button wide"), .href(provider.link)) { "Sign in with \(provider.title)" }
                    }
                }
            }
        }
        return Page(title: "Sign in", heading: "Sign in to Palisade", body: body)
    }

    private static func text(_ failure: SignInModel.Failure, _ context: PageContext) -> String {
        switch failure {
        case .wrong: "User name or password is not right."
        case .locked(let until):
            "Too many attempts. Signing in is possible again at \(context.clock.text(until)) \(context.zone.name)."
        case .provider(let text): text
        }
    }
}

/// What the first start asks for.
public struct SetupModel: Hashable, Sendable {
    /// From the one-time link; sent along with the form.
    public var token: String
    public var name: String
    public var nameProblem: String?
    public var passwordProblem: String?
    /// Why the link itself is refused; the form is left out then.
    public var refusal: String?
    /// Characters.
    public var shortestPassword: Int

    public init(
        token: String,
        name: String = "admin",
        nameProblem: String? = nil,
        passwordProblem: String? = nil,
        refusal: String? = nil,
        shortestPassword: Int = 12
    ) {
        self.token = token
        self.name = name
        self.nameProblem = nameProblem
        self.passwordProblem = passwordProblem
        self.refusal = refusal
        self.shortestPassword = shortestPassword
    }
}

/// Makes the first administrator: there is no default password.
public enum SetupPage {
    public static func page(_ model: SetupModel, _ context: PageContext) -> Page {
        let body = tag("div", .class("card"), .testID("setup.card")) {
            if let refusal = model.refusal {
                NoticeLine.html(.init(.problem, refusal))
                tag("p") {
                    "Start the server again to get a new link; it is printed once, and only while nobody has an account."
                }
            } else {
                tag("p") { "This link works once. The account you make here may do everything." }
                Form.post(Link("setup"), context, .testID("setup.form")) {
                    tag("input", .type("hidden"), .name("token"), .value(model.token))
                    Form.input(
                        "User name",
                        name: "name",
                        id: "name",
                        value: model.name,
                        problem: model.nameProblem,
                        .type("text"),
                        .init("autocomplete", "username"),
                        .init("spellcheck", "false"),
                        .flag("required")
                    )
                    Form.input(
                        "Password",
                        name: "password",
                        id: "password",
                        hint: "At least \(model.shortestPassword) characters.",
                        problem: model.passwordProblem,
                        .type("password"),
                        .init("autocomplete", "new-password"),
                        .init("minlength", "\(model.shortestPassword)"),
                        .flag("required")
                    )
                    Form.input(
                        "Password again",
                        name: "repeated",
                        id: "repeated",
                        .type("password"),
                        .init("autocomplete", "new-password"),
                        .flag("required")
                    )
                    Form.submit("Create the account", .testID("setup.submit"))
                }
            }
        }
        return Page(title: "Set up", heading: "Set up Palisade", body: body)
    }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// What the server says when it cannot answer.
public enum ErrorPage {
    /// What happened to a request.
    public struct Failure: Hashable, Sendable {
        /// 400, 401, 403, 404, 409, 413, 429, 500 or 503; others read as 500.
        public var status: Int
        /// What is wrong with this request, in a sentence; `nil` for the usual one.
        public var message: String?
        public var fix: String?
        public var requestID: String

        public init(status: Int, message: String? = nil, fix: String? = nil, requestID: String) {
            self.status = status
            self.message = message
            self.fix = fix
            self.requestID = requestID
        }
    }

    public static func page(_ failure: Failure, _ context: PageContext) -> Page {
        let (title, sentence) = text(failure.status)
        let body = tag("div", .class("error-page"), .testID("error.\(failure.status)")) {
            tag("p", .class("lead")) { failure.message ?? sentence }
            if let fix = failure.fix { tag("p") { fix } }
            tag("p", .class("muted")) {
                "Status \(failure.status) · request "
                tag("code", .id("request-id")) { failure.requestID }
                " "
                CopyButton.html(of: "request-id", "Copy the request id")
            }
            tag("p") {
                if failure.status == 401 {
                    tag("a", .class("button primary"), .href(Link("login", query: ["next": "\(context.location)"]))) {
                        "Sign in"
                    }
                } else {
                    tag("a", .class("button"), .href(back(context))) { "Go back to the overview" }
                }
            }
        }
        return Page(title: title, body: body)
    }

    private static func back(_ context: PageContext) -> Link {
        context.environmentForLinks == nil ? Link() : context.link("overview")
    }

    private static func text(_ status: Int) -> (title: String, sentence: String) {
        switch status {
        case 400:
            ("This request cannot be read", "Something in the address or the form has a value that is not possible.")
        case 401: ("Sign in first", "This page is shown to people who are signed in.")
        case 403: ("Not permitted", "Your roles do not include this. An administrator can grant it.")
        case 404: ("Not found", "There is nothing at this address, or it is not yours to see.")
        case 409: ("Somebody was faster", "What you edited has changed since you opened it. Nothing was saved.")
        case 413: ("Too large", "The server does not take this much at once.")
        case 429: ("Too many requests", "Wait a little, then try again.")
        case 503: ("Not ready yet", "The server is starting or cannot reach what it needs. Try again in a moment.")
        default: ("Something failed here", "The server could not answer. The request id finds the reason in its log.")
        }
    }
}

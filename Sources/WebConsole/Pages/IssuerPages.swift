// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import AccessControl
import ConsolePages
import ControlPlane
import HTTPTypes
import Hummingbird
import Logging
import PolicyAnalysis

/// Where people sign in who have no password here.
public struct SignInProvider: Sendable {
    /// After `Sign in with`.
    public let title: String
    public let issuer: any IdentityIssuer

    public init(title: String, issuer: any IdentityIssuer) {
        self.title = title
        self.issuer = issuer
    }
}

/// Sign-in at an OpenID Connect issuer: away to it, and back.
struct IssuerPages: Sendable {
    /// Where the issuer sends browsers back.
    static let callback = Link("login", "callback")

    let provider: SignInProvider

    var routes: [PageRoute] { [.get("login/openid", .nothing, begin), .get("login/callback", .nothing, finish)] }

    private static let cookie = "palisade-sign-in"

    @Sendable
    private func begin(_ request: PageRequest) async throws -> Response {
        do {
            let away = try await provider.issuer.begin()
            var response = PageRequest.redirect(to: away.url)
            response.setCookie(cookie(away.cookie, seconds: 600, request))
            return response
        } catch let error as IssuerError {
            return refusal(error, request)
        }
    }

    @Sendable
    private func finish(_ request: PageRequest) async throws -> Response {
        let callback = IssuerCallback(
            state: request.query("state") ?? "",
            code: request.query("code"),
            error: request.query("error"),
            cookie: request.request.cookies[Self.cookie]?.value
        )
        do {
            let session = try await request.console.access.signIn(
                callback,
                at: provider.issuer,
                replacing: request.request.cookies[request.console.cookies.session]?.value,
                from: request.origin
            )
            var response = request.redirect(to: Link())
            response.setCookie(request.console.cookies.session(session))
            response.setCookie(cookie("", seconds: 0, request))
            return response
        } catch let error as IssuerError {
            return refusal(error, request)
        } catch let error as ServiceError {
            return refusal(error.description, request)
        }
    }

    private func cookie(_ value: String, seconds: Int, _ request: PageRequest) -> Cookie {
        Cookie(
            name: Self.cookie,
            value: value,
            maxAge: seconds,
            path: "\(Self.callback)",
            secure: request.console.cookies.isSecure,
            httpOnly: true,
            sameSite: .lax
        )
    }

    /// Strangers see no address and no settings of the issuer; the log has them.
    private func refusal(_ error: IssuerError, _ request: PageRequest) -> Response {
        guard error.code != .notBegun else { return refusal(error.message, request) }
        request.context.logger.warning("Sign-in with \(provider.title) failed: \(Escaped.plain(error.description))")
        guard error.code == .misconfigured else { return refusal(error.message, request) }
        return refusal("Sign-in with \(provider.title) is not set up as it has to be. Ask an administrator.", request)
    }

    private func refusal(_ sentence: String, _ request: PageRequest) -> Response {
        SignInPages().answer(
            SignInModel(failure: .provider(sentence), providers: request.console.providers),
            request,
            .unauthorized
        )
    }
}

extension ConsoleApplication {
    /// As the sign-in page offers them.
    var providers: [SignInModel.Provider] {
        provider.map { [.init(title: $0.title, link: Link("login", "openid"))] } ?? []
    }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ConsolePages
import ControlPlane
import HTTPTypes
import Hummingbird

/// First-run setup, signing in and out.
struct SignInPages: Sendable {
    var routes: [PageRoute] {
        [
            .get("", .nothing, start),
            .get("login", .nothing, form), .post("login", .nothing, signIn),
            .post("logout", .signIn, signOut),
            .get("setup", .nothing, setupForm), .post("setup", .nothing, setup),
        ]
    }

    /// `/` leads to what comes next: setup, sign-in, or the first environment.
    @Sendable
    private func start(_ request: PageRequest) async throws -> Response {
        guard request.console.access.isSetUp else { return request.redirect(to: Link("setup")) }
        guard request.principal != nil else { return request.redirect(to: Link("login")) }
        return request.redirect(to: home(request))
    }

    private func home(_ request: PageRequest) -> Link {
        guard let first = request.console.environments.visible(to: request.access).first else { return Link("me") }
        return Link("e", first.name, "overview")
    }

    @Sendable
    private func form(_ request: PageRequest) async throws -> Response {
        guard request.console.access.isSetUp else { return request.redirect(to: Link("setup")) }
        let next = request.query("next").flatMap(Link.init(local:))
        return answer(SignInModel(next: next.map { "\($0)" }, providers: request.console.providers), request, .ok)
    }

    func answer(_ model: SignInModel, _ request: PageRequest, _ status: HTTPResponse.Status) -> Response {
        var context = request.context.plainPage(request.console, request.location)
        context.viewer = nil
        context.now = Timestamp(microseconds: request.console.audit.now())
        return request.answer(SignInPage.page(model, context), context, status: status)
    }

    @Sendable
    private func signIn(_ request: PageRequest) async throws -> Response {
        let form = request.form
        let next = form["next"].flatMap(Link.init(local:))
        let replacing = request.request.cookies[request.console.cookies.session]?.value
        let wanted = SignInRequest(
            name: form["name"] ?? "",
            password: form["password"] ?? "",
            replacing: replacing
        )
        var model = SignInModel(name: String((form["name"] ?? "").prefix(200)), next: next.map { "\($0)" })
        model.providers = request.console.providers
        switch try await request.console.access.signIn(wanted, from: request.origin) {
        case .signedIn(let session):
            var response = request.redirect(to: next ?? Link())
            response.setCookie(request.console.cookies.session(session))
            return response
        case .refused:
            model.failure = .wrong
            return answer(model, request, .unauthorized)
        case .locked(let until):
            model.failure = .locked(until: until)
            return answer(model, request, .tooManyRequests)
        case .busy(let seconds):
            model.failure = .provider("Many people are signing in. Try again in \(seconds) seconds.")
            return answer(model, request, .tooManyRequests)
        }
    }

    @Sendable
    private func signOut(_ request: PageRequest) async throws -> Response {
        if case .session(_, let secret) = request.context.credentials {
            try await request.console.access.signOut(secret, from: request.origin)
        }
        var response = request.redirect(to: Link("login"))
        response.setCookie(request.console.cookies.expired)
        return response
    }

    @Sendable
    private func setupForm(_ request: PageRequest) async throws -> Response {
        guard !request.console.access.isSetUp else { return request.redirect(to: Link("login")) }
        let token = request.query("token") ?? ""
        var model = SetupModel(token: token)
        if !request.console.access.isSetupLink(token) {
            model.refusal =
                token.isEmpty
                ? "Open the link that Palisade printed when it started." : "This link is not, or no longer, valid."
        }
        return setupAnswer(model, request, model.refusal == nil ? .ok : .forbidden)
    }

    private func setupAnswer(_ model: SetupModel, _ request: PageRequest, _ status: HTTPResponse.Status) -> Response {
        let context = request.context.plainPage(request.console, Link("setup"))
        return request.answer(SetupPage.page(model, context), context, status: status)
    }

    @Sendable
    private func setup(_ request: PageRequest) async throws -> Response {
        let form = request.form
        var model = SetupModel(token: form["token"] ?? "", name: form["name"] ?? "")
        guard form["password"] == form["repeated"] else {
            model.passwordProblem = "The two passwords differ."
            return setupAnswer(model, request, .badRequest)
        }
        do {
            let session = try await request.console.access.setup(
                SetupRequest(link: model.token, name: model.name, password: form["password"] ?? ""),
                from: request.origin
            )
            var response = request.redirect(to: Link())
            response.setCookie(request.console.cookies.session(session))
            return response
        } catch let error as ServiceError where error.code == .notPermitted {
            model.refusal = error.description
            return setupAnswer(model, request, .forbidden)
        } catch let error as ServiceError where error.code == .badRequest {
            if error.message.lowercased().contains("password") {
                model.passwordProblem = error.description
            } else {
                model.nameProblem = error.description
            }
            return setupAnswer(model, request, .badRequest)
        }
    }
}

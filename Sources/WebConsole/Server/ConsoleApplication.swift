// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
public import ChangeControl
import ConsolePages
public import ControlPlane
import HTTPTypes
import Hummingbird
import HummingbirdCore
import PolicyAnalysis

/// What the console serves, and with which parts.
public struct ConsoleApplication: Sendable {
    let environments: EnvironmentSet
    let access: AccessService
    let version: String
    let now: @Sendable () -> Int64
    let audit: AuditSink
    let provider: SignInProvider?
    let drafts: any DraftStore
    /// Names and attributes of our cookies; set when the router is made, which knows whether connections are encrypted.
    var cookies = CookieNames(isSecure: false)

    /// - Parameters:
    ///   - drafts: where policy texts wait that nobody saved yet.
    ///   - appendAudit: adds to the audit log, or throws.
    ///   - now: the time of the environments, in microseconds since 1970.
    ///   - accountTime: the time of accounts and the audit log.
    ///   - provider: where people sign in who have no password here; `nil` is nowhere.
    public init(
        environments: EnvironmentSet,
        access: AccessService,
        version: String,
        now: @escaping @Sendable () -> Int64,
        accountTime: @escaping @Sendable () -> Int64,
        provider: SignInProvider? = nil,
        drafts: any DraftStore,
        appendAudit: @escaping @Sendable (AuditEntry) async throws -> Void
    ) {
        self.environments = environments
        self.access = access
        self.provider = provider
        self.drafts = drafts
        self.version = version
        self.now = now
        audit = AuditSink(append: appendAudit, now: accountTime)
    }

    /// Every route of the API.
    var apiRoutes: [APIRoute] {
        EnvironmentRoutes(environments: environments, version: version, audit: audit).routes
            + FlowRoutes(now: now).routes + EditingRoutes(audit: audit).routes + AccessRoutes(access: access).routes
            + TokenRoutes(access: access).routes + AuditRoutes(access: access).routes
    }

    func router(_ network: ConsoleServer.Network?) throws -> Router<ConsoleContext> {
        let rule = network.map {
            HostRule(address: $0.socket.address, isEncrypted: $0.isEncrypted, publicURL: $0.publicURL)
        }
        let isEncrypted = network?.isEncrypted ?? false
        var console = self
        console.cookies = CookieNames(isSecure: isEncrypted)
        let router = Router(context: ConsoleContext.self)
        router.add(middleware: SecurityHeaders(isEncrypted: isEncrypted))
        router.add(middleware: FailureMiddleware(page: console.failurePage))
        router.add(middleware: HostMiddleware(rule: rule))
        if let proxies = network?.trustedProxies, !proxies.isEmpty {
            router.add(middleware: ClientAddress(proxies: proxies))
        }
        router.add(middleware: Authentication(access: access, cookies: console.cookies))
        router.add(middleware: ServerTiming())
        router.add(middleware: CrossSiteGuard(rule: rule))
        // Once more, where it is known who asks: their navigation stays on the page of a failure.
        router.add(middleware: FailureMiddleware(page: console.failurePage))
        router.add(middleware: UnknownPlaces(console.places))
        try addAPI(to: router)
        PageTable(routes: console.pageRoutes, console: console).add(to: router)
        return router
    }

    /// Every path with each of its methods.
    private var places: [(path: String, method: HTTPRequest.Method)] {
        apiRoutes.map { (RouteTable.prefix + $0.path, $0.method) } + pageRoutes.map { ($0.path, $0.method) }
            + [(Self.documentPath, .get)]
    }

    /// Where the description of the API is.
    private static let documentPath = RouteTable.prefix + "openapi.json"

    /// Every page and form of the console.
    var pageRoutes: [PageRoute] {
        var routes = SignInPages().routes + AssetPages().routes + OverviewPages().routes + FlowsPages().routes
        if let provider { routes += IssuerPages(provider: provider).routes }
        routes += MapPages().routes + StatisticsPages().routes + PoliciesPages().routes + EditorPages().routes
        routes += CreateRulePages().routes + ExplainPages().routes + AuditPages().routes
        return routes + SettingsPages().routes + MePages().routes
    }

    /// A failure as a person sees it.
    @Sendable
    private func failurePage(_ failure: Failure, _ request: Request, _ context: ConsoleContext) -> Response {
        let page = ErrorPage.page(
            ErrorPage.Failure(
                status: failure.status.code,
                message: failure.error.message,
                fix: failure.error.fix,
                requestID: context.requestID
            ),
            context.plainPage(self, Link(request.uri))
        )
        return Response(
            status: failure.status,
            headers: [.contentType: "text/html; charset=utf-8"],
            body: ResponseBody(
                byteBuffer: ByteBuffer(string: Shell.document(page, context.plainPage(self, Link(request.uri))))
            )
        )
    }

    private func addAPI(to router: Router<ConsoleContext>) throws {
        let document = try OpenAPIDocument(routes: apiRoutes, version: version).json.text
        router.get(RouterPath(Self.documentPath)) { _, _ in
            Response(
                status: .ok,
                headers: [.contentType: "application/json"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: document))
            )
        }
        let audit = audit
        let table = RouteTable(routes: apiRoutes, environments: environments) { route, context in
            let object = context.parameters.get("environment") ?? "server"
            try await audit.denied(AuditAction(route.operation, on: object), context)
        }
        table.add(to: router)
    }
}

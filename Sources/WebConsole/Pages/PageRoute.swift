// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ConsolePages
import ControlPlane
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NetworkPrimitives

/// One page or form of the console: where it is, what it needs, and what it answers.
struct PageRoute: Sendable {
    let method: HTTPRequest.Method
    /// Without a slash before it; parameters in braces: `e/{environment}/flows`.
    let path: String
    let needs: APIRoute.Needs
    let handle: @Sendable (PageRequest) async throws -> Response

    static func get(
        _ path: String,
        _ needs: APIRoute.Needs,
        _ handle: @escaping @Sendable (PageRequest) async throws -> Response
    ) -> PageRoute { PageRoute(method: .get, path: path, needs: needs, handle: handle) }

    static func post(
        _ path: String,
        _ needs: APIRoute.Needs,
        _ handle: @escaping @Sendable (PageRequest) async throws -> Response
    ) -> PageRoute { PageRoute(method: .post, path: path, needs: needs, handle: handle) }
}

/// A request to a page whose needs are met.
struct PageRequest: Sendable {
    let request: Request
    let context: ConsoleContext
    let console: ConsoleApplication
    /// `nil` on pages that need nobody to be signed in.
    let principal: Principal?
    /// The environment of the path; `nil` where the page has none.
    let environment: ConsoleEnvironment?
    /// What the viewer may see of it.
    let view: NamespaceView
    /// Whether the viewer may still see the same.
    let isStillPermitted: @Sendable () async -> Bool

    var access: Access { principal?.access ?? .none }
    var origin: RequestOrigin { context.origin }

    /// The form that was posted; empty for a page.
    var form: FormBody { context.form ?? FormBody() }

    /// - Throws: `ServiceError` for a page that has no environment in its path, which is a mistake of ours.
    func place() throws -> ConsoleEnvironment {
        guard let environment else { throw ServiceError(.failed, "The page names no environment.") }
        return environment
    }

    /// Who is signed in.
    /// - Throws: `SignInNeeded`.
    func someone() throws -> Principal {
        guard let principal else { throw SignInNeeded() }
        return principal
    }

    func path(_ name: String) throws -> String {
        let text = try context.parameters.require(name)
        return text.removingPercentEncoding ?? text
    }

    func query(_ name: String) -> String? { location[name] }

    func queries(_ name: String) -> [String] { location.query.filter { $0.name == name }.map(\.value) }

    /// Path and query as pages link to them.
    var location: Link { Link(request.uri) }

    /// The page as an answer.
    func answer(_ page: Page, _ pageContext: PageContext, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status,
            headers: [.contentType: "text/html; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: Shell.document(page, pageContext)))
        )
    }

    /// To another page, by GET.
    func redirect(to link: Link) -> Response { Self.redirect(to: "\(link)") }

    static func redirect(to path: String) -> Response {
        Response(status: .seeOther, headers: [.location: path])
    }
}

extension Link {
    /// The place that a request asks for.
    init(_ uri: URI) {
        let segments = uri.path.split(separator: "/", omittingEmptySubsequences: true).map { part in
            part.removingPercentEncoding ?? String(part)
        }
        self.init(segments: segments, query: QueryText.parameters(of: uri).map { Link.Parameter($0.name, $0.value) })
    }

    /// A place of this server that a form or an address names, and nothing else: no other host, no other scheme.
    init?(local text: String) {
        guard text.hasPrefix("/"), !text.hasPrefix("//"), !text.contains("\\"), text.utf8.count <= 2_048,
            text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7f })
        else { return nil }
        self.init(URI(text))
    }
}

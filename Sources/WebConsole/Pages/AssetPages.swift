// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ConsolePages
import ControlPlane
import Foundation
import HTTPTypes
import Hummingbird

/// Styles and scripts: our own, and the editor's from the system's package.
struct AssetPages: Sendable {
    /// Where Debian's libjs-codemirror puts its files.
    private static let editorRoot = "/usr/share/javascript/codemirror"
    /// The only files of it that are served.
    private static let editorFiles: [String: String] = [
        "codemirror.js": "/lib/codemirror.js", "codemirror.css": "/lib/codemirror.css",
        "codemirror-yaml.js": "/mode/yaml/yaml.js",
    ]
    private static let largestEditorFile = 2 << 20

    /// Whether the editor's package is there; without it a page has a plain text field.
    static var hasEditor: Bool {
        editorFiles.values.allSatisfy { FileManager.default.fileExists(atPath: editorRoot + $0) }
    }

    var routes: [PageRoute] {
        [
            .get("assets/{name}", .nothing) { request in
                let name = try request.path("name")
                guard let file = Assets.file(name) else { return try Self.editorFile(name) }
                return Self.answer(request, file.bytes, file.contentType, file.etag)
            }
        ]
    }

    /// A file whose address names its content is kept for ever.
    private static func answer(
        _ request: PageRequest,
        _ bytes: [UInt8],
        _ contentType: String,
        _ etag: String
    ) -> Response {
        let isNamed = request.query("v") != nil
        let headers: HTTPFields = [
            .contentType: contentType, .eTag: etag,
            .cacheControl: isNamed ? "public, max-age=31536000, immutable" : "no-cache",
        ]
        if request.request.headers[.ifNoneMatch] == etag { return Response(status: .notModified, headers: headers) }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    private static func editorFile(_ name: String) throws -> Response {
        guard let path = editorFiles[name] else { throw ServiceError(.notFound, "There is no such file.") }
        guard let data = FileManager.default.contents(atPath: editorRoot + path), data.count <= largestEditorFile else {
            throw ServiceError(.notFound, "The editor's package libjs-codemirror is not installed.")
        }
        let type = name.hasSuffix(".css") ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8"
        return Response(
            status: .ok,
            headers: [.contentType: type, .cacheControl: "public, max-age=86400"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: data))
        )
    }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// The files that pages load: embedded in the program, addressed by content.
public enum Assets {
    /// One file as it is served.
    public struct File: Hashable, Sendable {
        public var bytes: [UInt8]
        public var contentType: String
        /// With quotes, as the header has it.
        public var etag: String
    }

    /// `/assets/palisade.css?v=…`: the name of the content, so that it may be cached for ever.
    ///
    /// A name that does not exist gives its plain path.
    public static func url(_ name: String) -> Link {
        guard let file = files[name] else { return Link("assets", name) }
        return Link("assets", name, query: ["v": String(file.etag.dropFirst().dropLast())])
    }

    /// `nil` for a name that does not exist.
    public static func file(_ name: String) -> File? { files[name] }

    public static var names: [String] { files.keys.sorted() }

    private static let files: [String: File] = [
        "palisade.css": file(PackageResources.palisade_css, "text/css; charset=utf-8"),
        "shell.js": file(PackageResources.shell_js, "text/javascript; charset=utf-8"),
        "live.js": file(PackageResources.live_js, "text/javascript; charset=utf-8"),
        "chart.js": file(PackageResources.chart_js, "text/javascript; charset=utf-8"),
        "editor.css": file(PackageResources.editor_css, "text/css; charset=utf-8"),
        "editor.js": file(PackageResources.editor_js, "text/javascript; charset=utf-8"),
        "map.js": file(PackageResources.map_js, "text/javascript; charset=utf-8"),
        "icon.svg": file(PackageResources.icon_svg, "image/svg+xml"),
    ]

    private static func file(_ bytes: [UInt8], _ contentType: String) -> File {
        File(bytes: bytes, contentType: contentType, etag: "\"\(Fingerprint(bytes))\"")
    }
}

/// FNV-1a over 64 bits: names content, protects nothing.
public struct Fingerprint: CustomStringConvertible {
    private var state: UInt64 = 0xcbf2_9ce4_8422_2325

    public init(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }

    /// 16 hexadecimal digits.
    public var description: String {
        let digits = String(state, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}

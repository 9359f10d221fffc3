// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ArgumentParser
import Foundation

/// Where state and socket are.
struct DataDirectory: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The data directory; default $PALISADE_DATA, /var/lib/palisade for root, $XDG_STATE_HOME/palisade for others.",
            valueName: "dir"
        ),
        completion: .directory
    )
    var data: String?

    var path: String {
        let environment = ProcessInfo.processInfo.environment
        if let data { return data }
        if let data = environment["PALISADE_DATA"], !data.isEmpty { return data }
        if geteuid() == 0 { return "/var/lib/palisade" }
        if let state = environment["XDG_STATE_HOME"], !state.isEmpty { return state + "/palisade" }
        return (environment["HOME"] ?? "/") + "/.local/state/palisade"
    }

    var socketPath: String { path + "/palisade.sock" }
}

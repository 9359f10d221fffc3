// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ArgumentParser
import ControlPlane
import Foundation

/// Roles as command lines write them: `viewer@everywhere`, `author@namespace/production/shop`.
enum GrantArgument {
    static let help = "ROLE@SCOPE; SCOPE: everywhere, group/PATH, environment/NAME, namespace/ENV/NAME; repeatable."

    static func grant(_ text: String) throws -> GrantReport {
        let parts = text.split(separator: "@", maxSplits: 1).map(String.init)
        let role = try role(parts.first ?? "")
        let scope = parts.count == 2 ? parts[1] : "everywhere"
        guard let read = Scope(scope) else {
            throw CommandFailure(
                .usage,
                "\"\(Escaping.terminal(scope))\" is not a scope. "
                    + "Use everywhere, group/PATH, environment/NAME or namespace/ENVIRONMENT/NAMESPACE."
            )
        }
        return GrantReport(Grant(role, on: read))
    }

    static func role(_ text: String) throws -> Role {
        guard let role = Role(rawValue: text.lowercased()) else {
            let names = Role.allCases.map(\.title).joined(separator: ", ")
            throw CommandFailure(.usage, "\"\(Escaping.terminal(text))\" is not a role. Use one of: \(names).")
        }
        return role
    }

    static func text(_ grants: [GrantReport]) -> String {
        grants.isEmpty ? "<none>" : grants.map { "\($0.role.title)@\($0.scope)" }.joined(separator: ",")
    }
}

/// Secrets that a command needs: never on the command line, where every user of the machine can read them.
enum SecretInput {
    /// - Parameter fromStandardInput: the first line of standard input; else the terminal is asked.
    static func password(_ prompt: String, fromStandardInput: Bool) throws -> String {
        if fromStandardInput {
            guard let line = readLine(strippingNewline: true), !line.isEmpty else {
                throw CommandFailure(.usage, "There is no password on standard input.")
            }
            return line
        }
        guard Console.isTerminal(0), let text = getpass("\(prompt): ").map({ String(cString: $0) }) else {
            throw CommandFailure(.usage, "There is nobody to ask for the password. Use --password-stdin.")
        }
        return text
    }
}

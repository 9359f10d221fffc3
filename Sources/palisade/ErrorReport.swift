// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import ArgumentParser
import ControlPlane
import FlowModel

/// Says what went wrong, on standard error, and with which code the process ends.
enum ErrorReport {
    /// Of a command line that could not be read, or that asked for help.
    static func reportParsing(_ error: any Error, _ arguments: [String]) -> ExitStatus {
        let text = Palisade.fullMessage(for: error)
        guard !Palisade.exitCode(for: error).isSuccess else {
            // Help and version are what was asked for.
            Console.line(text)
            return .success
        }
        let message = text.hasPrefix("Error: ") ? "error: " + text.dropFirst("Error: ".count) : text
        Console.message(Escaping.terminal(message, keepsLines: true))
        if let hint = CommandLineRewriter.suggestion(arguments) { Console.message(hint) }
        return .usage
    }

    /// Of a command that ran.
    static func report(_ error: any Error) -> ExitStatus {
        switch error {
        case let failure as CommandFailure:
            if let message = failure.message { Console.message("error: \(Escaping.terminal(one(message)))") }
            return failure.status
        case let error as ServiceError:
            Console.message("error: \(Escaping.terminal(error.description))")
            return ExitStatus(error.code)
        case let refusal as StartRefusal:
            refusal.files.flatMap(\.findings).prefix(20).flatMap(FindingText.lines).forEach(Console.message)
            let sentence = refusal.description.split(separator: "\n").last.map(String.init) ?? refusal.description
            Console.message("error: \(Escaping.terminal(sentence))")
            return .findings
        case let error as FlowFilterError:
            for problem in error.problems {
                Console.message("error: \(Escaping.terminal(problem.message)) (column \(problem.column) of the filter)")
            }
            return .usage
        default: return reportOther(error)
        }
    }

    /// Help that was asked for while running, wrong usage that was found late, or an error of a part, whose description is
    /// a sentence that may quote anything.
    private static func reportOther(_ error: any Error) -> ExitStatus {
        let code = Palisade.exitCode(for: error)
        if code.isSuccess {
            Console.line(Palisade.fullMessage(for: error))
            return .success
        }
        if code == .validationFailure { return reportParsing(error, []) }
        Console.message("error: \(Escaping.terminal(one("\(error)")))")
        return .failure
    }

    /// Lines as one.
    private static func one(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Text from outside as messages may show it: control characters escaped, at most 80 scalars.
///
/// Escapes C0, DEL, C1 and the bidirectional and invisible format characters, so that a hostile value can neither drive
/// a terminal nor make a message read differently from what it says.
package func shown(_ text: String) -> String {
    var result = ""
    var count = 0
    for scalar in text.unicodeScalars {
        guard count < 80 else { return result + "…" }
        count += 1
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
            result += "\\u{\(String(scalar.value, radix: 16))}"
        default:
            result.unicodeScalars.append(scalar)
        }
    }
    return result
}

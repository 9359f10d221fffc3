// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Which passwords may be set.
///
/// Length is what counts (NIST SP 800-63B, 5.1.1.2): no mix of kinds of characters is asked for.
public enum PasswordRule {
    /// Characters.
    public static let shortest = 12
    /// Bytes; a longer one would only cost time.
    public static let longestBytes = 1024

    /// What is wrong with the password, without the password in it; `nil`: it may be set.
    public static func problem(_ password: String, user name: String) -> String? {
        if password.utf8.count > longestBytes { return "A password has at most \(longestBytes) bytes." }
        if password.count < shortest { return "A password has at least \(shortest) characters." }
        if password.lowercased() == name.lowercased() { return "The password must not be the user name." }
        let characters = Set(password)
        if characters.count < 4 { return "The password repeats too few characters." }
        return nil
    }
}

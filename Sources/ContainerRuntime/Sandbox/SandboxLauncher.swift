// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Glibc
public import Netlink

/// Starts the program anew inside private namespaces, where the sandbox can be built without touching the host.
///
/// The network, mount and (where the system has them) user namespaces are the child's own; inside, an ordinary user is
/// root over the network only. `/run` is an empty file system of its own, so that `ip netns` works there. Needs the
/// programs `unshare` and `mount` (util-linux).
public enum SandboxLauncher {
    /// Set in the environment of the program inside.
    public static let marker = "PALISADE_INSIDE_SANDBOX"

    /// Whether this process was started by the launcher.
    public static var isInside: Bool { getenv(marker) != nil }

    /// The command that runs `program` with `arguments` inside.
    /// - Parameter usesUserNamespace: false only for root where user namespaces are switched off.
    public static func command(
        program: String,
        arguments: [String],
        usesUserNamespace: Bool = userNamespacesExist
    ) -> [String] {
        // The shell gets program and arguments as its own, so no word of theirs is ever read as shell text.
        let script = "mount -t tmpfs -o mode=755,size=1m tmpfs /run && exec \"$0\" \"$@\""
        let options = usesUserNamespace ? ["-Urnm"] : ["-nm"]
        return ["unshare"] + options + ["--propagation", "private", "sh", "-c", script, program] + arguments
    }

    /// Replaces this process by one inside; returns only by throwing.
    public static func launch(program: String, arguments: [String]) throws(SystemError) -> Never {
        setenv(marker, "1", 1)
        let words = command(program: program, arguments: arguments)
        var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        execvp("unshare", &pointers)
        let code = errno
        for pointer in pointers { free(pointer) }
        throw SystemError("start the sandbox with unshare (package util-linux)", code: code)
    }

    /// Whether the system lets anybody make user namespaces at all.
    public static var userNamespacesExist: Bool {
        guard let limit = KernelSetting("user/max_user_namespaces").value.flatMap({ Int($0) }) else { return false }
        return limit > 0 && KernelSetting("kernel/unprivileged_userns_clone").value != "0"
    }
}

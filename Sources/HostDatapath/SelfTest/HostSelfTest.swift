// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Glibc
public import Netlink
public import NftablesRuleset
import Subprocess

/// Finds out, before anything is enforced, whether this host can enforce: the privileges, the program nft, the kernel's
/// features.
///
/// Settings that only need switching on are switched on.
public struct HostSelfTest: Sendable {
    private let namespace: NetworkNamespace?
    private let nft: NftProgram
    private let logGroup: UInt16

    /// - Parameters:
    ///   - namespace: the network namespace to test; `nil`: the process's own.
    ///   - program: the program nft, as in `NftProgram`.
    public init(namespace: NetworkNamespace? = nil, program: String = "nft", logGroup: UInt16 = KernelMarks.logGroup) {
        self.namespace = namespace
        self.nft = NftProgram(program: program, namespace: namespace)
        self.logGroup = logGroup
    }

    /// Runs every check, in an order in which the first failure explains the later ones.
    ///
    /// Takes some tens of milliseconds. The packet log must not be running.
    public func run() async -> [HostCheck] {
        let privilege = Self.privilege()
        var checks = [privilege, await program()]
        checks.append(await tables())
        for family in ["iptables", "ip6tables"] { checks.append(await bridgeNetfilter(family)) }
        checks.append(await packetLog(isPrivileged: privilege.outcome != .failure))
        checks.append(await accounting())
        return checks
    }

    /// CAP_NET_ADMIN, by its number in the effective set (capabilities(7)).
    private static func privilege() -> HostCheck {
        let bit: UInt64 = 1 << 12
        let prefix = "CapEff:"
        guard let line = lines(of: "/proc/self/status").first(where: { $0.hasPrefix(prefix) }),
            let set = UInt64(line.dropFirst(prefix.count).filter { !$0.isWhitespace }, radix: 16)
        else {
            return HostCheck("privilege", .warning, "The privileges of this process could not be read.")
        }
        guard set & bit != 0 else {
            return HostCheck(
                "privilege",
                .failure,
                "This process may not change network rules (CAP_NET_ADMIN is missing).",
                fix: "Run as root, give the service CAP_NET_ADMIN, or try `palisade up --sandbox`."
            )
        }
        return HostCheck("privilege", .pass, "This process may change network rules (CAP_NET_ADMIN).")
    }

    private func program() async -> HostCheck {
        do {
            return HostCheck("nft", .pass, "The program nft works: \(try await nft.version()).")
        } catch {
            return HostCheck("nft", .failure, "\(error)", fix: "Install the package nftables.")
        }
    }

    /// A transaction that is only checked, with the features that the rules need.
    private func tables() async -> HostCheck {
        let script = """
            table inet palisade_self_test {
              map identities { type ipv4_addr : classid; }
              chain test {
                type filter hook forward priority -10; policy accept;
                ct state new meta priority set ip saddr map @identities ct mark set 1 log group \(logGroup) prefix "x"
              }
            }
            table bridge palisade_self_test {
              chain test { type filter hook prerouting priority -300; policy accept; }
            }

            """
        do {
            try await nft.check(script)
            return HostCheck("nf-tables", .pass, "The kernel accepts rules with maps, marks and packet logging.")
        } catch {
            return HostCheck(
                "nf-tables",
                .failure,
                "The kernel does not accept the rules that are needed: \(error).",
                fix: "Use a kernel with nf_tables, nft_ct, nft_log and nf_tables_bridge, or load those modules."
            )
        }
    }

    private func bridgeNetfilter(_ family: String) async -> HostCheck {
        let name = "bridge-netfilter-\(family == "iptables" ? "ipv4" : "ipv6")"
        let setting = KernelSetting("net/bridge/bridge-nf-call-\(family)")
        do {
            if try await inside({ setting.value }) == nil { await Self.loadBridgeNetfilter() }
            guard try await inside({ setting.value }) != nil else {
                return HostCheck(
                    name,
                    .failure,
                    "The kernel module br_netfilter is not loaded, so traffic between containers of one bridge passes unseen.",
                    fix: "modprobe br_netfilter, and write br_netfilter into /etc/modules-load.d/palisade.conf."
                )
            }
            try await inside { try setting.ensure("1") }
            return HostCheck(name, .pass, "Bridged traffic of containers passes the rules (br_netfilter).")
        } catch {
            return HostCheck(
                name,
                .failure,
                "Bridged traffic of containers does not pass the rules, and this could not be changed: \(error).",
                fix: "sysctl -w net.bridge.bridge-nf-call-\(family)=1"
            )
        }
    }

    /// Loads the kernel module, as container runtimes do; whether it worked is seen by what is there afterwards.
    private static func loadBridgeNetfilter() async {
        _ = try? await Subprocess.run(
            .name("modprobe"),
            arguments: ["br_netfilter"],
            output: .discarded,
            error: .discarded
        )
    }

    private func packetLog(isPrivileged: Bool) async -> HostCheck {
        do {
            try await PacketLog(group: logGroup, namespace: namespace).probe()
            return HostCheck("packet-log", .pass, "Packet log group \(logGroup) is free and can be read.")
        } catch {
            let code = (error as? SystemError)?.code
            // The kernel says "not permitted" to everybody but the listener that has the group.
            let isTaken = code == EBUSY || (code == EPERM && isPrivileged)
            return HostCheck(
                "packet-log",
                .failure,
                isTaken
                    ? "Another program listens on packet log group \(logGroup), so no flows would be seen."
                    : "The packet log cannot be read: \(error).",
                fix: isTaken
                    ? "Stop the other program; /proc/net/netfilter/nfnetlink_log shows its port."
                    : "Use a kernel with nfnetlink_log, or load that module."
            )
        }
    }

    private func accounting() async -> HostCheck {
        do {
            try await ConnectionAccounting.enable(in: namespace)
            return HostCheck("connection-accounting", .pass, "Connections count their bytes and their duration.")
        } catch {
            return HostCheck(
                "connection-accounting",
                .warning,
                "Flows will have no bytes and no duration: \(error).",
                fix: "sysctl -w net.netfilter.nf_conntrack_acct=1 net.netfilter.nf_conntrack_timestamp=1"
            )
        }
    }

    private func inside<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        guard let namespace else { return try body() }
        return try await namespace.run(body)
    }

    private static func lines(of path: String) -> [Substring] {
        guard let file = fopen(path, "re") else { return [] }
        defer { fclose(file) }
        var buffer = [UInt8](repeating: 0, count: 8192)
        let count = fread(&buffer, 1, buffer.count, file)
        return String(decoding: buffer[..<count], as: UTF8.self).split(whereSeparator: \.isNewline)
    }
}

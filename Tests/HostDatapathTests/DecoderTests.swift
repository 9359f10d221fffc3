// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import CNetlink
import FlowModel
import HostDatapath
import Netlink
import NetworkPrimitives
import Testing

struct PacketLogDecoderTests {
    private func decode(_ packet: [UInt8], extra: [UInt8] = []) -> PacketLogDecoder.Outcome? {
        let message = Bytes.message(
            Int(NFNL_SUBSYS_ULOG) << 8,
            Bytes.attribute(Int(NFULA_PREFIX.rawValue), Array("p0000001Ai".utf8) + [0])
                + Bytes.attribute(Int(NFULA_SEQ.rawValue), Bytes.be32(7))
                + Bytes.attribute(Int(NFULA_PAYLOAD.rawValue), packet) + extra
        )
        return message.withUnsafeBytes { bytes in
            NetlinkMessages(bytes).map { PacketLogDecoder.decode($0, receivedAt: 99) }.first
        }
    }

    private func packet(_ bytes: [UInt8], extra: [UInt8] = []) throws -> LoggedPacket {
        guard case .packet(let entry) = try #require(decode(bytes, extra: extra)) else {
            throw ProgramError("not decoded as a packet")
        }
        #expect(entry.sequence == 7)
        return entry.packet
    }

    @Test func readsATCPPacketOfIPv4WithItsFlagsAndLogPrefix() throws {
        let found = try packet(Bytes.ipv4(6, "10.0.0.1", "10.0.0.2", Bytes.tcp(40000, 443, flags: 2)))
        #expect(
            found
                == LoggedPacket(
                    time: 99,
                    prefix: "p0000001Ai",
                    tuple: tuple("10.0.0.1", "10.0.0.2", .tcp, 40000, 443),
                    tcpFlags: 2,
                    length: 40
                )
        )
    }

    @Test func findsTheTransportHeaderBehindExtensionHeadersOfIPv6() throws {
        // Hop-by-hop, then destination options of 16 bytes, then a first fragment, then UDP.
        let extensions: [UInt8] =
            [60, 0, 0, 0, 0, 0, 0, 0] + [44, 1] + [UInt8](repeating: 0, count: 14) + [17, 0, 0, 1, 0, 0, 0, 9]
        let found = try packet(Bytes.ipv6(0, "fd00::1", "fd00::2", extensions + Bytes.be16(5353) + Bytes.be16(53)))
        #expect(found.tuple == tuple("fd00::1", "fd00::2", .udp, 5353, 53))
        #expect(found.length == 40 + 36)
    }

    @Test func readsNoPortsFromALaterFragment() throws {
        var bytes = Bytes.ipv4(17, "10.0.0.1", "10.0.0.2", Bytes.be16(1000) + Bytes.be16(2000))
        bytes[6] = 0
        bytes[7] = 0x10
        #expect(try packet(bytes).tuple == tuple("10.0.0.1", "10.0.0.2", .udp, 0, 0))
    }

    @Test func takesTheICMPTypeAsTheDestinationPort() throws {
        let found = try packet(Bytes.ipv6(58, "fd00::1", "fd00::2", [128, 4, 0, 0]))
        #expect(found.tuple == tuple("fd00::1", "fd00::2", .icmpv6, 0, 128))
        #expect(found.icmpCode == 4)
    }

    @Test func prefersTheKernelsTimestampAndTheBridgePorts() throws {
        let extra =
            Bytes.attribute(Int(NFULA_TIMESTAMP.rawValue), Bytes.be64(1_700_000_000) + Bytes.be64(25))
            + Bytes.attribute(Int(NFULA_IFINDEX_INDEV.rawValue), Bytes.be32(3))
            + Bytes.attribute(Int(NFULA_IFINDEX_PHYSINDEV.rawValue), Bytes.be32(8))
            + Bytes.attribute(Int(NFULA_IFINDEX_OUTDEV.rawValue), Bytes.be32(4))
        let found = try packet(Bytes.ipv4(6, "10.0.0.1", "10.0.0.2", []), extra: extra)
        #expect(found.time == 1_700_000_000_000_025)
        #expect(found.inputInterface == 8)
        #expect(found.outputInterface == 4)
    }

    @Test func countsAPacketThatIsNotIPInTheSequence() {
        #expect(decode([0, 1, 8, 0, 6, 4]) == .unreadable(sequence: 7))
        #expect(decode([]) == .unreadable(sequence: 7))
    }

    @Test func gapsInTheSequenceAreCountedOnce() {
        var gaps = SequenceGaps()
        #expect(gaps.arrived(5) == 0)
        #expect(gaps.arrived(6) == 0)
        #expect(gaps.arrived(10) == 3)
        #expect(gaps.overflowed() == 1)
        #expect(gaps.overflowed() == 0)
        #expect(gaps.arrived(11) == 0)
        #expect(gaps.arrived(17) == 4)
        #expect(gaps.arrived(0) == 0)
        #expect(gaps.arrived(1) == 0)
    }

    @Test func sequenceNumbersWrapAround() {
        var gaps = SequenceGaps()
        #expect(gaps.arrived(.max) == 0)
        #expect(gaps.arrived(1) == 1)
    }
}

struct ConnectionEventDecoderTests {
    private func tupleAttribute(_ type: Int, _ source: String, _ destination: String, _ proto: [UInt8]) -> [UInt8] {
        let isV4 = source.contains(".")
        let addresses =
            Bytes.attribute(Int((isV4 ? CTA_IP_V4_SRC : CTA_IP_V6_SRC).rawValue), Bytes.address(source))
            + Bytes.attribute(Int((isV4 ? CTA_IP_V4_DST : CTA_IP_V6_DST).rawValue), Bytes.address(destination))
        return Bytes.attribute(
            type | 0x8000,
            Bytes.attribute(Int(CTA_TUPLE_IP.rawValue) | 0x8000, addresses)
                + Bytes.attribute(Int(CTA_TUPLE_PROTO.rawValue) | 0x8000, proto)
        )
    }

    private func ports(_ number: UInt8, _ source: UInt16, _ destination: UInt16) -> [UInt8] {
        Bytes.attribute(Int(CTA_PROTO_NUM.rawValue), [number])
            + Bytes.attribute(Int(CTA_PROTO_SRC_PORT.rawValue), Bytes.be16(source))
            + Bytes.attribute(Int(CTA_PROTO_DST_PORT.rawValue), Bytes.be16(destination))
    }

    private func decode(_ attributes: [UInt8], subtype: Int = Int(IPCTNL_MSG_CT_DELETE.rawValue)) -> EndedConnection? {
        Bytes.message(Int(NFNL_SUBSYS_CTNETLINK) << 8 | subtype, attributes).withUnsafeBytes { bytes in
            NetlinkMessages(bytes).compactMap { ConnectionEventDecoder.decode($0, receivedAt: 99) }.first
        }
    }

    @Test func readsCountersMarkDurationAndBothSidesOfATranslation() {
        let counters = { (packets: UInt64, bytes: UInt64) in
            Bytes.attribute(Int(CTA_COUNTERS_PACKETS.rawValue), Bytes.be64(packets))
                + Bytes.attribute(Int(CTA_COUNTERS_BYTES.rawValue), Bytes.be64(bytes))
        }
        let ended = decode(
            tupleAttribute(Int(CTA_TUPLE_ORIG.rawValue), "10.0.0.1", "192.0.2.1", ports(6, 40000, 80))
                + tupleAttribute(Int(CTA_TUPLE_REPLY.rawValue), "10.0.0.2", "192.0.2.1", ports(6, 8080, 50000))
                + Bytes.attribute(Int(CTA_MARK.rawValue), Bytes.be32(0x71))
                + Bytes.attribute(Int(CTA_COUNTERS_ORIG.rawValue) | 0x8000, counters(6, 400))
                + Bytes.attribute(Int(CTA_COUNTERS_REPLY.rawValue) | 0x8000, counters(5, 9000))
                + Bytes.attribute(
                    Int(CTA_TIMESTAMP.rawValue) | 0x8000,
                    Bytes.attribute(Int(CTA_TIMESTAMP_START.rawValue), Bytes.be64(1_000_000_000))
                        + Bytes.attribute(Int(CTA_TIMESTAMP_STOP.rawValue), Bytes.be64(3_500_000_000))
                )
        )
        #expect(
            ended
                == EndedConnection(
                    time: 3_500_000,
                    original: tuple("10.0.0.1", "192.0.2.1", .tcp, 40000, 80),
                    translated: tuple("192.0.2.1", "10.0.0.2", .tcp, 50000, 8080),
                    mark: 0x71,
                    bytesSent: 400,
                    bytesReceived: 9000,
                    packetsSent: 6,
                    packetsReceived: 5,
                    duration: 2_500_000
                )
        )
    }

    @Test func anICMPConnectionKeepsTheTypeOfTheRequest() {
        let icmp = { (type: UInt8) in
            Bytes.attribute(Int(CTA_PROTO_NUM.rawValue), [58])
                + Bytes.attribute(Int(CTA_PROTO_ICMPV6_TYPE.rawValue), [type])
        }
        let ended = decode(
            tupleAttribute(Int(CTA_TUPLE_ORIG.rawValue), "fd00::1", "fd00::2", icmp(128))
                + tupleAttribute(Int(CTA_TUPLE_REPLY.rawValue), "fd00::2", "fd00::1", icmp(129))
        )
        #expect(ended?.original == tuple("fd00::1", "fd00::2", .icmpv6, 0, 128))
        #expect(ended?.translated == ended?.original)
        #expect(ended?.duration == nil)
        #expect(ended?.time == 99)
    }

    @Test func onlyTheEndOfAConnectionCounts() {
        let original = tupleAttribute(Int(CTA_TUPLE_ORIG.rawValue), "10.0.0.1", "10.0.0.2", ports(17, 1, 2))
        #expect(decode(original) != nil)
        #expect(decode(original, subtype: Int(IPCTNL_MSG_CT_NEW.rawValue)) == nil)
        #expect(decode([]) == nil)
    }
}

struct DecoderFuzzTests {
    /// Whatever arrives, decoding ends, does not trap, and takes no more messages than the bytes can hold.
    @Test(arguments: [UInt8(0), 1, 2, 3])
    func hostileBytesNeverTrap(part: UInt8) {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("decoder fuzz seed \(seed)")
        var random = SplitMix(state: seed)
        let seeds = samples()
        for _ in 0..<50_000 {
            var bytes = seeds[Int(random.next() % UInt64(seeds.count))]
            if part == 0 {
                bytes = (0..<Int(random.next() % 200)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            }
            for _ in 0..<Int(random.next() % 8) where !bytes.isEmpty {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            if part == 2, !bytes.isEmpty { bytes.removeLast(Int(random.next() % UInt64(bytes.count))) }
            bytes.withUnsafeBytes { raw in
                var count = 0
                for message in NetlinkMessages(raw) {
                    count += 1
                    _ = PacketLogDecoder.decode(message, receivedAt: 0)
                    _ = ConnectionEventDecoder.decode(message, receivedAt: 0)
                    _ = InterfaceTable.link(message)
                    _ = InterfaceTable.address(message)
                }
                #expect(count <= raw.count / 16 + 1)
                _ = PacketHeaderDecoder.decode(raw)
            }
        }
    }

    private func samples() -> [[UInt8]] {
        let log = Bytes.message(
            Int(NFNL_SUBSYS_ULOG) << 8,
            Bytes.attribute(Int(NFULA_PREFIX.rawValue), Array("p0000001Ai".utf8) + [0])
                + Bytes.attribute(
                    Int(NFULA_PAYLOAD.rawValue),
                    Bytes.ipv6(0, "fd00::1", "fd00::2", [6, 0, 0, 0, 0, 0, 0, 0] + Bytes.tcp(1, 2, flags: 2))
                )
        )
        let tuple = Bytes.attribute(
            Int(CTA_TUPLE_ORIG.rawValue),
            Bytes.attribute(
                Int(CTA_TUPLE_IP.rawValue),
                Bytes.attribute(Int(CTA_IP_V4_SRC.rawValue), [1, 2, 3, 4])
                    + Bytes.attribute(Int(CTA_IP_V4_DST.rawValue), [1, 2, 3, 5])
            )
        )
        let ended = Bytes.message(Int(NFNL_SUBSYS_CTNETLINK) << 8 | Int(IPCTNL_MSG_CT_DELETE.rawValue), tuple)
        return [log, ended, log + ended, Bytes.ipv4(6, "1.2.3.4", "5.6.7.8", Bytes.tcp(1, 2, flags: 16))]
    }
}

struct ProgramError: Error {
    var text: String
    init(_ text: String) { self.text = text }
}

/// A small seeded generator (splitmix64).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

func tuple(
    _ source: String,
    _ destination: String,
    _ ipProtocol: IPProtocol,
    _ sourcePort: UInt16,
    _ destinationPort: UInt16
) -> FlowTuple {
    FlowTuple(
        source: IPAddress(source) ?? IPAddress(v4: 0),
        destination: IPAddress(destination) ?? IPAddress(v4: 0),
        ipProtocol: ipProtocol,
        sourcePort: sourcePort,
        destinationPort: destinationPort
    )
}

// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel
import NetworkPrimitives
import TestSupport
import Testing

/// A flow as Hubble writes it; fields may be put in place of others.
private func line(
    _ verdict: String = "FORWARDED",
    l4: String = #"{"TCP":{"source_port":41000,"destination_port":5432,"flags":{"SYN":true}}}"#,
    more: String = ""
) -> String {
    """
    {"flow":{"time":"2026-11-21T14:00:05.123456789Z","uuid":"x","verdict":"\(verdict)","IP":{"source":"10.0.0.1",\
    "destination":"10.0.0.2","ipVersion":"IPv4"},"l4":\(l4),"source":{"ID":1,"identity":4711,"namespace":"shop",\
    "labels":["k8s:app=web","k8s:io.kubernetes.pod.namespace=shop"],"pod_name":"web-1","workloads":[{"name":"web",\
    "kind":"Deployment"}]},"destination":{"namespace":"data","labels":["k8s:app=db"],"pod_name":"db-0"},"Type":"L3_L4"\
    \(more)},"node_name":"n1","time":"2026-11-21T14:00:06Z"}
    """
}

private func read(_ text: String) -> RecordedTraffic {
    var reader = HubbleFlowReader()
    reader.read(Array(text.utf8))
    return reader.finish()
}

@Suite struct HubbleFlowReaderTests {
    private let web = RecordedConnection.Party(
        namespace: "shop",
        workload: "web",
        labels: ["k8s:app=web", "k8s:io.kubernetes.pod.namespace=shop"]
    )
    private let database = RecordedConnection.Party(namespace: "data", pod: "db-0", labels: ["k8s:app=db"])

    @Test func `a flow becomes a connection with its time`() {
        let traffic = read(line() + "\n" + line() + "\n")
        let expected = RecordedConnection(
            source: web,
            destination: database,
            ipProtocol: .tcp,
            port: 5432,
            verdict: .allowed
        )
        #expect(
            traffic.counts.byConnection == [
                expected: .init(flows: 2, firstSeen: 1_795_269_605_123_456, lastSeen: 1_795_269_605_123_456)
            ]
        )
        #expect(traffic.unreadable == 0 && traffic.ignored == 0)
    }

    @Test func `the bare form is the same`() throws {
        let wrapped = line()
        let end = try #require(wrapped.ranges(of: #","node_name""#).first)
        let bare = wrapped[..<end.lowerBound].dropFirst(#"{"flow":"#.count)
        #expect(read(String(bare)) == read(wrapped))
    }

    @Test func `an answer is turned round`() {
        let reply = line(
            l4: #"{"UDP":{"source_port":53,"destination_port":41000}}"#,
            more: #","is_reply":true"#
        )
        let expected = RecordedConnection(
            source: database,
            destination: web,
            ipProtocol: .udp,
            port: 53,
            verdict: .allowed
        )
        #expect(Array(read(reply).counts.keys) == [expected])
    }

    @Test(arguments: [
        ("DROPPED", Verdict.dropped), ("AUDIT", .wouldDrop), ("REDIRECTED", .allowed),
    ])
    func `verdicts have their words`(word: String, verdict: Verdict) {
        #expect(read(line(word)).counts.keys.map(\.verdict) == [verdict])
    }

    @Test(arguments: [
        line("TRACED"), line("ERROR"), line(l4: "{}"), line(l4: "null"), line(more: #","l7":{"type":"RESPONSE"}"#),
        #"{"lost_events":{"source":"HUBBLE_RING_BUFFER","num_events_lost":"3"},"node_name":"n"}"#,
        #"{"agent_event":{"type":"POLICY_UPDATED","x":[1,{"y":null}]}}"#, "{}", #"{"flow":null}"#,
        line(l4: #"{"TCP":{"source_port":1,"destination_port":70000}}"#),
    ])
    func `records about no connection are counted apart`(text: String) {
        let traffic = read(text)
        #expect(traffic.counts.isEmpty)
        #expect(traffic.ignored == 1 && traffic.unreadable == 0)
        #expect(traffic.lost == (text.contains("lost_events") ? 3 : 0))
    }

    @Test(arguments: [
        "not json", "[1]", "{", #"{"flow":{"verdict":"#, #"{"flow":{}} trailing"#, #"{"flow":{"verdict":"\ud800"}}"#,
        #"{"flow":{"x":01}}"#, #"{"flow":{"x":1,}}"#, String(repeating: "[", count: 100),
        "{\"flow\":{\"x\":\"a\u{1}b\"}}",
        String(repeating: #"{"a":"#, count: 5_000),
    ])
    func `what is no record is counted as unreadable`(text: String) {
        #expect(read(text + "\n" + line()).unreadable == 1)
        #expect(read(text + "\n" + line()).flows == 1)
    }

    @Test func `requests and names are kept`() throws {
        let http = read(
            line(more: #","l7":{"type":"REQUEST","http":{"method":"GET","url":"http://db:5432/a?b=c","headers":[]}}"#)
        )
        let connection = try #require(http.counts.keys.first)
        #expect(connection.http == .init(method: "GET", path: "/a?b=c", host: "db:5432"))
        let outside = read(
            #"{"flow":{"verdict":"FORWARDED","IP":{"source":"10.0.0.1","destination":"203.0.113.4"},"l4":{"TCP":{"#
                + #""source_port":1,"destination_port":443}},"source":{"namespace":"shop","pod_name":"web-1"},"#
                + #""destination":{"identity":2,"labels":["reserved:world"]},"destination_names":["B.example.","a.example"]}}"#
        )
        let party = try #require(outside.counts.keys.first).destination
        #expect(
            party
                == .init(
                    address: IPAddress(v4: 0xCB00_7104),
                    labels: ["reserved:world"],
                    dnsNames: ["a.example", "b.example"]
                )
        )
        #expect(party.isOutside)
    }

    @Test func `lines may be cut anywhere, and too long ones are passed over`() {
        let text = line() + "\r\n\n" + line("DROPPED") + "\n" + line("AUDIT")
        let whole = read(text)
        #expect(whole.counts.count == 3)
        for size in [1, 7, 100] {
            var reader = HubbleFlowReader()
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                reader.read(Array(rest.prefix(size)))
                rest = rest.dropFirst(size)
            }
            #expect(reader.finish() == whole)
        }
        let long = #"{"flow":{"x":""# + String(repeating: "y", count: HubbleFlowReader.lineLimit) + #""}}"#
        let traffic = read(long + "\n" + line())
        #expect(traffic.unreadable == 1 && traffic.flows == 1)
    }

    @Test func `damaged input never crashes, and every line is counted once`() {
        var random = SeededRandom(seed: 42)
        let samples = [line(), line(more: #","l7":{"type":"REQUEST","dns":{"query":"a\u00e9\ud83d\ude00."}}"#), "{}"]
        for round in 0..<20_000 {
            var bytes = Array(samples[Int.random(in: 0..<samples.count, using: &random)].utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0...3, using: &random) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: index)
                case 2: bytes.removeSubrange(index...)
                default: bytes.insert(contentsOf: #"{[","#.utf8, at: index)
                }
                if bytes.isEmpty { bytes = [0x7B] }
            }
            bytes.removeAll { $0 == 0x0A }
            var reader = HubbleFlowReader()
            reader.read(bytes + [0x0A])
            let traffic = reader.finish()
            let isBlank = bytes.allSatisfy { $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }
            #expect(traffic.flows + traffic.unreadable + traffic.ignored == (isBlank ? 0 : 1), "round \(round)")
        }
    }
}

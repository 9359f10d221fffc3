// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import NetworkPrimitives

/// One of Hubble's JSON lines, as far as connections need it.
struct HubbleRecord {
    struct Endpoint {
        var namespace: String?
        var pod: String?
        var labels: [String] = []
        var workload: String?
    }

    struct Flow {
        var time: String?
        var verdict: String?
        var source = Endpoint()
        var destination = Endpoint()
        var sourceAddress: String?
        var destinationAddress: String?
        var sourceNames: [String] = []
        var destinationNames: [String] = []
        var ipProtocol: IPProtocol?
        var sourcePort: UInt64?
        /// For ICMP the message type.
        var destinationPort: UInt64?
        var isReply: Bool?
        var type: String?
        var l7Type: String?
        var dnsQuery: String?
        var method: String?
        var url: String?
    }

    private(set) var flow = Flow()
    private(set) var lost: UInt64?
    private var hasFlow = false

    /// Reads one value; `false` when it is no JSON object.
    mutating func read(_ scanner: inout JSONScanner) -> Bool {
        var record = self
        let isRead = scanner.object { key, scanner in
            switch key {
            case "flow":
                record.hasFlow = true
                return scanner.null() || scanner.object { key, scanner in record.flow.read(key, &scanner) }
            case "lost_events":
                return scanner.null()
                    || scanner.object { key, scanner in
                        key == "num_events_lost" ? scanner.optionalNumber(&record.lost) : scanner.skip()
                    }
            case "node_status", "agent_event", "debug_event": return scanner.skip()
            case "IP", "l4", "source", "destination", "verdict":
                record.hasFlow = true
                return record.flow.read(key, &scanner)
            // The time stands in both places; the flow's own is the one that counts.
            case "time" where record.flow.time != nil: return scanner.skip()
            default: return record.flow.read(key, &scanner)
            }
        }
        self = record
        return isRead
    }

    /// The connection; `nil` when the record is not about one, or says too little.
    var connection: RecordedConnection? {
        guard hasFlow, let verdict, flow.type != "SOCK", flow.l7Type != "RESPONSE", flow.l7Type != "SAMPLE",
            let ipProtocol = flow.ipProtocol
        else { return nil }
        let isReply = flow.isReply ?? false
        // An answer to an echo request says which request there was.
        let port = isReply && !ipProtocol.isICMP ? flow.sourcePort : flow.destinationPort
        guard let number = port.map({ UInt16(exactly: $0) }) ?? (ipProtocol.hasPorts ? nil : 0) else { return nil }
        if isReply, ipProtocol.isICMP { return nil }
        let source = party(flow.source, flow.sourceAddress, flow.sourceNames)
        let destination = party(flow.destination, flow.destinationAddress, flow.destinationNames)
        return RecordedConnection(
            source: isReply ? destination : source,
            destination: isReply ? source : destination,
            ipProtocol: ipProtocol,
            port: number,
            http: http,
            dnsQuery: flow.dnsQuery,
            verdict: verdict
        )
    }

    private var verdict: Verdict? {
        switch flow.verdict {
        case "FORWARDED", "REDIRECTED": .allowed
        case "DROPPED": .dropped
        case "AUDIT": .wouldDrop
        default: nil
        }
    }

    private var http: RecordedConnection.HTTP? {
        guard let method = flow.method, let url = flow.url else { return nil }
        guard let scheme = url.ranges(of: "://").first else {
            return .init(method: method, path: url.isEmpty ? "/" : url)
        }
        let rest = url[scheme.upperBound...]
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let path = String(rest[slash...])
        return .init(method: method, path: path.isEmpty ? "/" : path, host: String(rest[..<slash]))
    }

    /// Pods of one workload with the same labels are the same party.
    private func party(_ endpoint: Endpoint, _ address: String?, _ names: [String]) -> RecordedConnection.Party {
        let labels = endpoint.labels.filter { !Self.isPerPod($0) }.sorted()
        let isKnown = endpoint.namespace != nil && (endpoint.workload != nil || endpoint.pod != nil)
        let isReplaceable = endpoint.workload != nil && !labels.isEmpty
        return RecordedConnection.Party(
            namespace: endpoint.namespace,
            workload: endpoint.workload,
            pod: isReplaceable ? nil : endpoint.pod,
            address: isKnown ? nil : address.flatMap { IPAddress($0) },
            labels: labels,
            dnsNames: isKnown ? [] : Set(names.map(Self.normalised)).sorted()
        )
    }

    /// Labels that tell the pods of one workload apart, and which no identity has (Cilium's label filter).
    private static func isPerPod(_ label: String) -> Bool {
        [
            "pod-template-hash=", "controller-revision-hash=", "statefulset.kubernetes.io/pod-name=",
            "apps.kubernetes.io/pod-index=", "batch.kubernetes.io/controller-uid=", "controller-uid=",
            "batch.kubernetes.io/job-completion-index=", "pod-template-generation=",
        ].contains { label.hasPrefix("k8s:" + $0) }
    }

    private static func normalised(_ name: String) -> String {
        let name = name.lowercased()
        return name.count > 1 && name.hasSuffix(".") ? String(name.dropLast()) : name
    }
}

extension HubbleRecord.Flow {
    /// Reads the value of one field.
    mutating func read(_ key: String, _ scanner: inout JSONScanner) -> Bool {
        switch key {
        case "time": return scanner.optionalString(&time)
        case "verdict": return scanner.optionalString(&verdict)
        case "Type": return scanner.optionalString(&type)
        case "is_reply": return scanner.optionalBool(&isReply)
        case "source": return scanner.null() || source.read(&scanner)
        case "destination": return scanner.null() || destination.read(&scanner)
        case "source_names": return scanner.strings(&sourceNames)
        case "destination_names": return scanner.strings(&destinationNames)
        case "IP":
            var (from, to) = (sourceAddress, destinationAddress)
            defer { (sourceAddress, destinationAddress) = (from, to) }
            return scanner.null()
                || scanner.object { key, scanner in
                    switch key {
                    case "source": scanner.optionalString(&from)
                    case "destination": scanner.optionalString(&to)
                    default: scanner.skip()
                    }
                }
        case "l4": return scanner.null() || readLayer4(&scanner)
        case "l7": return scanner.null() || readLayer7(&scanner)
        default: return scanner.skip()
        }
    }

    private mutating func readLayer4(_ scanner: inout JSONScanner) -> Bool {
        var flow = self
        defer { self = flow }
        return scanner.object { key, scanner in
            let names = [
                "TCP": IPProtocol.tcp, "UDP": .udp, "SCTP": .sctp, "ICMPv4": .icmp, "ICMPv6": .icmpv6,
                "VRRP": .vrrp, "IGMP": .igmp,
            ]
            guard let ipProtocol = names[key] else { return scanner.skip() }
            flow.ipProtocol = ipProtocol
            // ICMP type 0 is the one that is left out.
            if ipProtocol.isICMP { flow.destinationPort = 0 }
            return scanner.null()
                || scanner.object { key, scanner in
                    switch key {
                    case "source_port": scanner.optionalNumber(&flow.sourcePort)
                    case "destination_port": scanner.optionalNumber(&flow.destinationPort)
                    case "type" where ipProtocol.isICMP: scanner.optionalNumber(&flow.destinationPort)
                    default: scanner.skip()
                    }
                }
        }
    }

    private mutating func readLayer7(_ scanner: inout JSONScanner) -> Bool {
        var flow = self
        defer { self = flow }
        return scanner.object { key, scanner in
            switch key {
            case "type": return scanner.optionalString(&flow.l7Type)
            case "dns":
                return scanner.null()
                    || scanner.object { key, scanner in
                        key == "query" ? scanner.optionalString(&flow.dnsQuery) : scanner.skip()
                    }
            case "http":
                return scanner.null()
                    || scanner.object { key, scanner in
                        switch key {
                        case "method": scanner.optionalString(&flow.method)
                        case "url": scanner.optionalString(&flow.url)
                        default: scanner.skip()
                        }
                    }
            default: return scanner.skip()
            }
        }
    }
}

extension HubbleRecord.Endpoint {
    mutating func read(_ scanner: inout JSONScanner) -> Bool {
        var endpoint = self
        defer { self = endpoint }
        return scanner.object { key, scanner in
            switch key {
            case "namespace": return scanner.optionalString(&endpoint.namespace)
            case "pod_name": return scanner.optionalString(&endpoint.pod)
            case "labels": return scanner.strings(&endpoint.labels)
            case "workloads":
                return scanner.null()
                    || scanner.list { scanner in
                        scanner.null()
                            || scanner.object { key, scanner in
                                // The first one counts.
                                guard key == "name", endpoint.workload == nil else { return scanner.skip() }
                                return scanner.optionalString(&endpoint.workload)
                            }
                    }
            default: return scanner.skip()
            }
        }
    }
}

extension JSONScanner {
    /// A list of strings; items of other kinds are passed over.
    fileprivate mutating func strings(_ values: inout [String]) -> Bool {
        var found: [String] = []
        defer { values = found }
        return null()
            || list { scanner in
                var item: String?
                guard scanner.optionalString(&item) else { return false }
                if let item { found.append(item) }
                return true
            }
    }
}

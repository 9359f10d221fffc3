// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

extension RecordedTraffic: Equatable {
    /// In whatever order kinds came.
    public static func == (left: RecordedTraffic, right: RecordedTraffic) -> Bool {
        guard left.unreadable == right.unreadable, left.ignored == right.ignored, left.lost == right.lost else {
            return false
        }
        return left.links.count == right.links.count && left.counts.byConnection == right.counts.byConnection
    }
}

extension RecordedTraffic {
    /// Kinds of connections and how often each was recorded.
    public struct Counts: RandomAccessCollection, Sendable {
        public typealias Element = (key: RecordedConnection, value: Count)

        let traffic: RecordedTraffic

        public var startIndex: Int { 0 }
        public var endIndex: Int { traffic.links.count }
        public subscript(position: Int) -> Element {
            (traffic.connection(traffic.links[position]), traffic.values[position])
        }

        public var keys: [RecordedConnection] { traffic.links.map(traffic.connection) }
        public var values: [Count] { traffic.values }
        public var byConnection: [RecordedConnection: Count] {
            Dictionary(uniqueKeysWithValues: map { ($0.key, $0.value) })
        }
    }
}

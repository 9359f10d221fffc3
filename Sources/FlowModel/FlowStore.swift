// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Where flows are kept: records for a while, counts per connection kind and minute for longer.
public protocol FlowStore: Sendable {
    /// Adds records and known losses, all or nothing. On return they survive the death of the process.
    /// - Throws: `FlowStoreError`; nothing was added then, and the caller counts the loss.
    func append(_ flows: [Flow], losses: [FlowLoss]) async throws

    /// Records of the range that the filter matches, newest first, one page.
    /// - Complexity: O(records looked at); at most `query.scanLimit` of them per call.
    func flows(_ query: FlowQuery) async throws -> FlowSlice

    /// Folds over the counts of the range that the query matches, by window start and key.
    ///
    /// Of windows that the range covers in part no more is counted than lies in it, as long as records are kept; a query
    /// that looks at more than keys have (`FlowQuery.needsRecords`) is answered from records throughout. The same key and
    /// window may come several times. Keys are given as the reader sees them.
    func fold<Result: Sendable>(
        _ query: FlowQuery,
        into initial: Result,
        _ update: @escaping @Sendable (inout Result, _ window: Int64, FlowKey, FlowCount) -> Void
    ) async throws -> Result

    /// Losses that overlap the range, oldest first.
    func losses(in range: TimeRange) async throws -> [FlowLoss]

    func usage() async throws -> FlowStoreUsage

    /// Removes what is past its age or past the size, in short steps.
    /// - Parameter now: microseconds since 1970.
    func prune(now: Int64) async throws

    /// How many kinds of connections there are counts of, about; for reserving memory.
    func kinds() async throws -> Int
}

/// Events known to be missing.
public struct FlowLoss: Hashable, Sendable, Codable {
    /// Microseconds since 1970; the events were lost somewhere in `from...to`.
    public var from: Int64
    public var to: Int64
    public var source: LossSource
    /// 0: a number that is not known.
    public var count: UInt64

    public init(from: Int64, to: Int64, source: LossSource, count: UInt64) {
        self.from = from
        self.to = max(from, to)
        self.source = source
        self.count = count
    }
}

/// Which records or counts to read.
public struct FlowQuery: Hashable, Sendable {
    public var filter: FlowFilter
    public var range: TimeRange
    /// Records at most; ignored by `fold`.
    public var limit: Int
    /// Records looked at, at most, before a page ends early with a `next` cursor; ignored by `fold`.
    public var scanLimit: Int
    /// From `FlowSlice.next` of the page before.
    public var cursor: FlowCursor?
    /// Through whose eyes to look: the filter and everything after it sees flows as this shows them.
    public var view: FlowView
    /// Flows that any of these match are left out.
    public var excluding: [FlowFilter]
    /// Only these kinds of connections, as the view shows them; `nil` is all.
    ///
    /// Used by `fold`.
    public var keys: Set<FlowKey>?
    /// How `fold` puts counts together in time.
    public var window: Window
    /// How much of keys `fold` has to tell apart.
    public var detail: Detail

    /// The windows of a fold.
    public enum Window: Hashable, Sendable {
        /// Microseconds, at least a second; windows start at multiples of it.
        ///
        /// Of a length that is not whole minutes while records are kept; where they are not, counts come in the minute that
        /// they are of.
        case length(Int64)
        /// All times together; the window is the start of the range.
        case whole
    }

    /// What keys are told apart by.
    public enum Detail: Hashable, Sendable {
        case key
        /// Kinds and namespaces of the ends, and the verdict (`FlowKey.coarse`); for queries whose filters look at no more.
        case namespaces
        /// Kinds of the ends, whether they have a namespace, and the verdict (`FlowKey.bare`); filters as for `namespaces`.
        case kinds
    }

    public init(
        filter: FlowFilter = .everything,
        range: TimeRange,
        limit: Int = 100,
        scanLimit: Int = 1_000_000,
        cursor: FlowCursor? = nil,
        view: FlowView = .all,
        excluding: [FlowFilter] = [],
        keys: Set<FlowKey>? = nil,
        window: Window = .length(FlowWindow.length),
        detail: Detail = .key
    ) {
        (self.view, self.excluding, self.keys, self.window, self.detail) = (view, excluding, keys, window, detail)
        self.filter = filter
        self.range = range
        self.limit = limit
        self.scanLimit = scanLimit
        self.cursor = cursor
    }
}

extension FlowQuery {
    /// The time that `FlowStore.fold` counts: the range, widened to whole minutes at an end whose records are gone.
    ///
    /// A rate has to be over this, else it is wrong by what the minute holds outside the range.
    /// - Parameter recordsPrunedTo: from `FlowStoreUsage`.
    public func counted(recordsPrunedTo: Int64?) -> TimeRange {
        let kept = recordsPrunedTo ?? .min
        guard !needsRecords, range.from < range.to, range.from < kept else { return range }
        let end = FlowWindow.start(of: range.to)
        let isWhole = end == range.to || end >= kept && end > FlowWindow.start(of: range.from)
        return TimeRange(from: FlowWindow.start(of: range.from), to: isWhole ? range.to : end + FlowWindow.length)
    }
}

/// The place after one record in newest-first order.
public struct FlowCursor: Hashable, Sendable, LosslessStringConvertible {
    /// Of the record, microseconds.
    public var time: Int64
    /// Tells records of one time apart.
    public var record: Int64

    public init(time: Int64, record: Int64) {
        self.time = time
        self.record = record
    }

    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let time = Int64(parts[0]), let record = Int64(parts[1]), time >= 0, record >= 0 else {
            return nil
        }
        self.init(time: time, record: record)
    }

    public var description: String { "\(time)-\(record)" }
}

/// One page of records.
public struct FlowSlice: Hashable, Sendable {
    /// Newest first.
    public var flows: [Flow]
    /// Records looked at for this page.
    public var scanned: UInt64
    /// `nil` at the end of the range.
    public var next: FlowCursor?

    public init(flows: [Flow], scanned: UInt64, next: FlowCursor?) {
        self.flows = flows
        self.scanned = scanned
        self.next = next
    }
}

/// One kind of connection and how often it was seen.
public struct FlowGroup: Hashable, Sendable {
    public var key: FlowKey
    public var count: FlowCount

    public init(key: FlowKey, count: FlowCount) {
        self.key = key
        self.count = count
    }
}

/// How much a store holds.
public struct FlowStoreUsage: Hashable, Sendable, Codable {
    /// On disk, without free pages.
    public var bytes: UInt64
    /// The size past which the oldest records go; 0 is no bound.
    public var capacity: UInt64
    /// Microseconds since 1970; `nil` when empty.
    public var oldestRecord: Int64?
    public var oldestCount: Int64?
    /// Records (and counts) before this time were removed by age or size; `nil` when none ever were.
    public var recordsPrunedTo: Int64?
    public var countsPrunedTo: Int64?
    /// Seconds that records and counts are kept.
    public var recordRetention: Int64
    public var countRetention: Int64
    /// When the store began: before it nothing was collected.
    ///
    /// `nil`: not known.
    public var collectedSince: Int64?

    public init(
        bytes: UInt64,
        capacity: UInt64,
        oldestRecord: Int64?,
        oldestCount: Int64?,
        recordRetention: Int64,
        countRetention: Int64,
        recordsPrunedTo: Int64? = nil,
        countsPrunedTo: Int64? = nil,
        collectedSince: Int64? = nil
    ) {
        self.collectedSince = collectedSince
        self.recordsPrunedTo = recordsPrunedTo
        self.countsPrunedTo = countsPrunedTo
        self.bytes = bytes
        self.capacity = capacity
        self.oldestRecord = oldestRecord
        self.oldestCount = oldestCount
        self.recordRetention = recordRetention
        self.countRetention = countRetention
    }

    /// Since when counts are there in full, whatever was seen; `nil`: always.
    public var knownSince: Int64? { [collectedSince, countsPrunedTo].compactMap { $0 }.max() }
}

/// Why a store could not do what it was asked.
public struct FlowStoreError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: String, Hashable, Sendable {
        /// No space left; writing works again when there is.
        case full
        /// The file is damaged.
        case corrupt
        /// Written by a newer version.
        case newerSchema
        case closed
        case failed
    }

    public var code: Code
    /// One sentence with the path.
    public var message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }

    public static func == (left: FlowStoreError, right: FlowStoreError) -> Bool { left.code == right.code }
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}

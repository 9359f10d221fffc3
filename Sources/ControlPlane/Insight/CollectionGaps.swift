// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import FlowModel

/// Losses as a person reads them: those of one cause that touch are one.
struct CollectionGaps {
    static let most = 1_000

    /// Oldest first, at most `most`.
    let gaps: [DataQualityReport.Gap]
    let omitted: Int

    /// - Parameters:
    ///   - losses: oldest first.
    ///   - isCounted: whether the reader may know how many events were lost.
    init(_ losses: [FlowLoss], isCounted: Bool) {
        var merged: [FlowLoss] = []
        var last: [LossSource: Int] = [:]
        for loss in losses {
            // Losses of one source a second apart are one bad time.
            if let index = last[loss.source], loss.from <= merged[index].to + 1_000_000 {
                let known = merged[index]
                let isKnown = known.count > 0 && loss.count > 0
                merged[index] = FlowLoss(
                    from: known.from,
                    to: max(known.to, loss.to),
                    source: loss.source,
                    count: isKnown ? known.count + loss.count : 0
                )
            } else {
                last[loss.source] = merged.count
                merged.append(loss)
            }
        }
        gaps = merged.prefix(Self.most).map { loss in
            DataQualityReport.Gap(
                from: Timestamp(microseconds: loss.from),
                to: Timestamp(microseconds: loss.to),
                cause: loss.source.phrase,
                lost: isCounted ? loss.count : 0
            )
        }
        omitted = merged.count - gaps.count
    }
}

extension LossSource {
    /// Why, in one phrase.
    var phrase: String {
        switch self {
        case .packetLog: "kernel queue overflow"
        case .connectionEvents: "kernel connection event overflow"
        case .pipeline: "palisade could not keep up"
        case .rateLimit: "kernel limit on logged drops"
        case .reader: "a live reader did not keep up"
        case .crash: "palisade was killed"
        case .stopped: "palisade was not running"
        }
    }
}

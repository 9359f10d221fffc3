// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

/// Lets a few labs run at the same time: hundreds at once would only wait for each other, and time out.
actor LabGate {
    static let shared = LabGate(places: 3)

    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(places: Int) { free = places }

    func enter() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    func leave() {
        if waiting.isEmpty {
            free += 1
        } else {
            waiting.removeFirst().resume()
        }
    }
}

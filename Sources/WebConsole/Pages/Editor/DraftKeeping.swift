// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ChangeControl
import ControlPlane
import Hummingbird
import Logging

/// Keeps what somebody writes in the editor, from one request to the next.
///
/// A draft that cannot be kept does not keep anybody from writing: the page says nothing of a time then.
struct DraftKeeping {
    let request: PageRequest

    init(_ request: PageRequest) { self.request = request }

    private func key(_ path: String) throws -> SavedDraft.Key? {
        guard let user = try request.someone().userID, !path.isEmpty else { return nil }
        return SavedDraft.Key(user: user, environment: try request.place().name, path: path)
    }

    /// Puts the kept text in place of the file's.
    /// - Returns: when it was kept; `nil` where there is none, or none that differs.
    func restore(_ draft: inout EditorDraft, _ file: PolicyDocument) async throws -> Int64? {
        guard let key = try key(file.path), let kept = await kept(key), kept.text != file.text else { return nil }
        draft.text = kept.text
        // The state that it was begun from: saving finds out whether the file has changed since.
        draft.base = kept.base
        if kept.base != file.hash { draft.opened = kept.opened }
        return kept.saved
    }

    private func kept(_ key: SavedDraft.Key) async -> SavedDraft? {
        do {
            return try await request.console.drafts.draft(key)
        } catch {
            request.context.logger.warning("A kept draft could not be read: \(error)")
            return nil
        }
    }

    /// - Returns: when it was kept; `nil` when it was not.
    func keep(_ draft: EditorDraft) async throws -> Timestamp? {
        guard let key = try key(draft.path) else { return nil }
        let now = request.console.audit.now()
        let saved = SavedDraft(key: key, text: draft.text, base: draft.base, opened: draft.opened, saved: now)
        do {
            try await request.console.drafts.save(saved)
            return Timestamp(microseconds: now)
        } catch {
            request.context.logger.warning("A draft could not be kept: \(error)")
            return nil
        }
    }

    func forget(_ path: String) async throws {
        guard let key = try key(path) else { return }
        try await request.console.drafts.remove(key)
    }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import Foundation
import PolicyModel
import PolicyRepository
import Synchronization
import TestSupport
import Testing

/// A policy directory as people use it.
@Suite(.serialized) struct PolicyDirectoryTests {
    private final class Room {
        let path: String

        init() throws {
            path = FileManager.default.temporaryDirectory.appendingPathComponent("policies-\(UUID().uuidString)").path
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }

        deinit {
            // What is left in the temporary folder does no harm.
            try? FileManager.default.removeItem(atPath: path)
        }

        func write(_ name: String, _ text: String, isAtomic: Bool = true) throws {
            try Data(text.utf8).write(
                to: URL(fileURLWithPath: path + "/" + name),
                options: isAtomic ? .atomic : []
            )
        }
    }

    /// Everything that a watch has seen, newest last.
    private final class Views: Sendable {
        private let state = Mutex<[[String: String]]>([])

        func add(_ files: [PolicyFile]) {
            let view = Dictionary(
                files.map { file -> (String, String) in
                    switch file.content {
                    case .bytes(let bytes): (file.path, String(decoding: bytes, as: UTF8.self))
                    case .unreadable(let reason): (file.path, "unreadable: \(reason)")
                    }
                }
            ) { first, _ in first }
            state.withLock { $0.append(view) }
        }

        var all: [[String: String]] { state.withLock { $0 } }

        func waits(_ seconds: Double = 2, for condition: ([String: String]) -> Bool) async throws -> Duration? {
            let start = ContinuousClock.now
            while start.duration(to: .now) < .seconds(seconds) {
                if let last = all.last, condition(last) { return start.duration(to: .now) }
                try await Task.sleep(for: .milliseconds(1))
            }
            return nil
        }
    }

    private func watching(_ room: Room, _ body: (Views) async throws -> Void) async throws {
        let directory = PolicyDirectory(path: room.path)
        let views = Views()
        let task = Task {
            try await directory.watch {
                do { views.add(try await directory.files()) } catch { Issue.record(error) }
            }
        }
        #expect(try await views.waits { _ in true } != nil)
        try await body(views)
        task.cancel()
    }

    @Test func everyWayOfSavingIsSeenWithinHalfASecond() async throws {
        let room = try Room()
        try await watching(room) { views in
            for (number, isAtomic) in [true, false, true].enumerated() {
                try room.write("web.yaml", "version \(number)", isAtomic: isAtomic)
                let time = try #require(try await views.waits { $0["web.yaml"] == "version \(number)" })
                #expect(time < .milliseconds(500))
            }
            try FileManager.default.createDirectory(atPath: room.path + "/shop", withIntermediateDirectories: true)
            try room.write("shop/api.yml", "in a new folder")
            #expect(try await views.waits { $0["shop/api.yml"] == "in a new folder" } != nil)
            try FileManager.default.removeItem(atPath: room.path + "/web.yaml")
            let time = try #require(try await views.waits { $0["web.yaml"] == nil })
            #expect(time < .milliseconds(500))
        }
    }

    @Test func aHalfWrittenFileIsNeverTaken() async throws {
        let room = try Room()
        try room.write("db.yaml", "whole 1")
        try await watching(room) { views in
            let handle = try #require(FileHandle(forWritingAtPath: room.path + "/db.yaml"))
            try handle.truncate(atOffset: 0)
            try handle.write(contentsOf: Data("half".utf8))
            // Something else happens while the file is open.
            try room.write("other.yaml", "other")
            #expect(try await views.waits { $0["other.yaml"] == "other" } != nil)
            try handle.write(contentsOf: Data(" and whole 2".utf8))
            try handle.close()
            #expect(try await views.waits { $0["db.yaml"] == "half and whole 2" } != nil)
            let contents = Set(views.all.compactMap { $0["db.yaml"] })
            #expect(contents == ["whole 1", "half and whole 2"])
        }
    }

    @Test func aFileThatIsMovedAwayAndWrittenAnewIsNeverGone() async throws {
        let room = try Room()
        try room.write("db.yaml", "old")
        try await watching(room) { views in
            // As editors save that keep a backup.
            try FileManager.default.moveItem(atPath: room.path + "/db.yaml", toPath: room.path + "/db.yaml~")
            try await Task.sleep(for: .milliseconds(40))
            try room.write("db.yaml", "new", isAtomic: false)
            #expect(try await views.waits { $0["db.yaml"] == "new" } != nil)
            #expect(views.all.allSatisfy { $0["db.yaml"] != nil && $0["db.yaml"] != "" })
        }
    }

    @Test func aFileThatStaysAwayIsGoneForGood() async throws {
        let room = try Room()
        try room.write("db.yaml", "old")
        try await watching(room) { views in
            try FileManager.default.removeItem(atPath: room.path + "/db.yaml")
            #expect(try await views.waits { $0["db.yaml"] == nil } != nil)
            try room.write("db.yaml", "again")
            #expect(try await views.waits { $0["db.yaml"] == "again" } != nil)
            try room.write("db.yaml", "")
            #expect(try await views.waits { $0["db.yaml"] == "" } != nil)
        }
    }

    @Test func whatCannotBeReadIsSaidAndHiddenFilesAreLeftOut() async throws {
        let room = try Room()
        try room.write("good.yaml", "good")
        try room.write(".hidden.yaml", "hidden")
        try room.write("notes.txt", "notes")
        #expect(FileManager.default.createFile(atPath: room.path + "/huge.yaml", contents: nil))
        let handle = try #require(FileHandle(forWritingAtPath: room.path + "/huge.yaml"))
        try handle.truncate(atOffset: 100 << 20)
        try handle.close()
        try FileManager.default.createSymbolicLink(
            atPath: room.path + "/broken.yaml",
            withDestinationPath: "/nonexistent"
        )
        #expect(mkfifo(room.path + "/pipe.yaml", 0o600) == 0)
        let files = try await PolicyDirectory(path: room.path).files()
        #expect(files.map(\.path) == ["broken.yaml", "good.yaml", "huge.yaml", "pipe.yaml"])
        #expect(files[2].content == .unreadable("has 104857600 bytes; a policy file may have at most 16777216"))
        #expect(files[3].content == .unreadable("is not a regular file"))
        if case .bytes = files[0].content { Issue.record("a broken link has no content") }
    }

    @Test func aFolderThatCannotBeListedIsAnErrorAndNotAnEmptyFolder() async throws {
        let room = try Room()
        let deep = room.path + String(repeating: "/deeper", count: 40)
        try FileManager.default.createDirectory(atPath: deep, withIntermediateDirectories: true)
        try room.write("web.yaml", "web")
        let error = await #expect(throws: PolicyDirectoryError.self) {
            try await PolicyDirectory(path: room.path).files()
        }
        #expect("\(error as Any)".contains("nested deeper"))
    }

    @Test func aMissingDirectoryIsAnErrorWithTheFix() async {
        let error = await #expect(throws: PolicyDirectoryError.self) {
            try await PolicyDirectory(path: "/nonexistent/policies").files()
        }
        #expect("\(error as Any)".contains("--policies DIR"))
    }
}

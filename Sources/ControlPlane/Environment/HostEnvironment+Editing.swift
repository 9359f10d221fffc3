// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import FlowModel
public import PolicyAnalysis
import PolicyFormats
import PolicyModel

extension HostEnvironment: PolicyEditing {
    public func policyDocument(_ path: String) async throws -> PolicyDocument {
        let writing = try writing()
        guard let bytes = try await Self.translated({ try await writing.files.read(path) }) else {
            throw ServiceError(.notFound, "There is no policy file \(path).", fix: "See: palisade policy list")
        }
        return try document(path, bytes)
    }

    public func check(_ request: DraftRequest) async throws -> DraftCheck {
        let writing = try writing()
        let world = try await world(orThrow: ())
        if let problem = PolicyPath.problem(request.path) { throw Self.refusal(request.path, problem) }
        let current = try await Self.translated { try await writing.files.read(request.path) }
        let end = now()
        let range = TimeRange(from: max(0, end - max(0, min(request.window, end))), to: max(1, end))
        // The draft is looked at while the traffic is read.
        async let looked = DraftReview(
            SourceDocument(name: request.path, bytes: Array(request.text.utf8)),
            deployed: .init(
                world.enforced.resolved,
                bytes: current,
                engine: engine(for: request.path),
                verdicts: request.window > 0 ? world.facts.verdicts : nil
            ),
            forReplay: request.window > 0
        )
        let recorded = request.window > 0 ? try await self.recorded(range) : nil
        var review = await looked
        if let recorded { review.replay(recorded.traffic) }
        return DraftCheck(
            findings: review.findings,
            summaries: review.summaries.map(\.lines),
            impact: recorded.flatMap { DraftCheck.Impact(review, $0, range) },
            difference: review.difference.text,
            hunks: review.difference,
            documents: review.forms.documents,
            base: current.map(writing.digest) ?? ""
        )
    }

    public func save(_ request: SaveRequest) async throws -> PolicyDocument {
        let writing = try writing()
        let current = try await present(request.path, base: request.base)
        let bytes = Array(request.text.utf8)
        try await refuseErrors(bytes, at: request.path, current)
        if bytes != current {
            try await Self.translated { try await writing.files.write(bytes, to: request.path, expecting: current) }
        }
        try await take(bytes, at: request.path)
        return try document(request.path, bytes)
    }

    public func delete(_ request: DeleteRequest) async throws {
        let writing = try writing()
        let world = try await world(orThrow: ())
        let id = PolicyID(request.policyKind, namespace: request.namespace, name: request.name)
        guard let policy = world.snapshot.policies.first(where: { $0.id == id }) else {
            throw ServiceError(.notFound, "There is no policy \(id.description).", fix: "See: palisade policy list")
        }
        let path = policy.location.document
        guard let current = try await present(path, base: request.base) else { throw Self.changed(path) }
        switch DocumentRemoval(of: id, from: SourceDocument(name: path, bytes: current)) {
        case .nothing:
            try await Self.translated { try await writing.files.remove(path, expecting: current) }
            try await take(nil, at: path)
        case .rest(let bytes):
            try await Self.translated { try await writing.files.write(bytes, to: path, expecting: current) }
            try await take(bytes, at: path)
        case .refused:
            throw ServiceError(
                .badRequest,
                "\(id.description) is not a document of its own in \(path).",
                fix: "Remove it in YAML."
            )
        }
    }

    public func setEnabled(_ request: EnableRequest) async throws -> PolicyDocument {
        let writing = try writing()
        let target = request.enabled ? PolicyPath.enabled(request.path) : PolicyPath.disabled(request.path)
        guard let current = try await present(request.path, base: request.base) else {
            throw Self.changed(request.path)
        }
        guard target != request.path else { return try document(target, current) }
        let there = try await Self.translated { try await writing.files.read(target) }
        // The same text is there when an earlier attempt got half of the way.
        guard there == nil || there == current else {
            throw ServiceError(.conflict, "There is a policy file \(target) already.", fix: "Rename one of them.")
        }
        if request.enabled { try await refuseErrors(current, at: target, nil) }
        // First the copy, so that the text is never nowhere.
        if there == nil {
            try await Self.translated { try await writing.files.write(current, to: target, expecting: nil) }
        }
        try await Self.translated { try await writing.files.remove(request.path, expecting: current) }
        try await take(request.enabled ? current : nil, at: request.enabled ? target : request.path)
        return try document(target, current)
    }
}

extension HostEnvironment: RuleProposing {
    public func proposals(for connection: FlowKey) async throws -> [RuleProposal] {
        let world = try await world(orThrow: ())
        return RuleProposal.proposals(for: RecordedConnection(connection), in: world.enforced.resolved)
    }

    public func disabledPolicies() async throws -> [String] {
        guard let writing = parts.editing else { return [] }
        return try await Self.translated { try await writing.files.disabledPaths() }
    }
}

extension HostEnvironment {
    private func writing() throws -> PolicyWriting {
        guard let editing = parts.editing else {
            throw ServiceError(.failed, "The policies of this environment cannot be written here.", fix: nil)
        }
        return editing
    }

    private func world(orThrow: Void) async throws -> EnvironmentWorld {
        guard let world = await state.world else {
            throw ServiceError(.failed, "Endpoints and policies have not been read yet.", fix: "Try again in a moment.")
        }
        return world
    }

    /// What is kept and not in force need not be enforceable.
    private func engine(for path: String) -> EnforcementEngine? { PolicyPath.isDisabled(path) ? nil : .host }

    private func document(_ path: String, _ bytes: [UInt8]) throws -> PolicyDocument {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ServiceError(.failed, "The policy file \(path) is not UTF-8.", fix: "Mend it on the machine itself.")
        }
        return PolicyDocument(environment: settings.name, path: path, text: text, hash: try writing().digest(bytes))
    }

    /// What a file holds now, if that is what `base` says.
    private func present(_ path: String, base: String) async throws -> [UInt8]? {
        let writing = try writing()
        if let problem = PolicyPath.problem(path) { throw Self.refusal(path, problem) }
        let current = try await Self.translated { try await writing.files.read(path) }
        guard base == current.map(writing.digest) ?? "" else { throw Self.changed(path) }
        return current
    }

    /// A file is taken as a whole: with an error, nothing of it would come into force.
    private func refuseErrors(_ bytes: [UInt8], at path: String, _ current: [UInt8]?) async throws {
        let world = try await world(orThrow: ())
        let review = DraftReview(
            SourceDocument(name: path, bytes: bytes),
            deployed: .init(world.enforced.resolved, bytes: current, engine: engine(for: path)),
            traffic: nil
        )
        let isKept = PolicyPath.isDisabled(path)
        // Another policy of its name is in the way only when it is put in force.
        let errors = review.findings.filter { $0.severity == .error && !(isKept && $0.code == "V110") }
        guard !errors.isEmpty else { return }
        let lines = errors.prefix(20).map(\.description)
        throw ServiceError(.badRequest, lines.joined(separator: "\n"), fix: "Mend this first; nothing was written.")
    }

    /// Reads the policies anew and waits until those of a file are what was written, in the kernel too.
    private func take(_ bytes: [UInt8]?, at path: String) async throws {
        let expected =
            PolicyPath.isDisabled(path)
            ? nil : bytes.map { PolicyDecoder().decode(SourceDocument(name: path, bytes: $0)).policies }
        let deadline = ContinuousClock.now + .seconds(10)
        repeat {
            do {
                _ = try await policyIntake.take(into: state)
                // Whoever follows the files may have been faster; the kernel is waited for all the same.
                if let world = await state.world { try await enforcement.enforce(world.enforced) }
            } catch {
                throw ServiceError(
                    .failed,
                    "The file is written and not in force yet: \(error)",
                    fix: "See: palisade status"
                )
            }
            let own = await state.world?.snapshot.policies.filter { $0.location.document == path }
            if own == expected ?? [] { return await policyIntake.keepLastGood() }
            // Only cancellation ends a sleep early, and what follows notices that.
            try? await Task.sleep(for: .milliseconds(20))
        } while ContinuousClock.now < deadline && !Task.isCancelled
        throw ServiceError(
            .timedOut,
            "The policy file \(path) is written and was not taken within 10 seconds.",
            fix: "See: palisade status"
        )
    }

    private static func changed(_ path: String) -> ServiceError {
        ServiceError(
            .conflict,
            "The policy file \(path) changed after you opened it.",
            fix: "Compare with what is deployed now, and save again."
        )
    }

    private static func refusal(_ path: String, _ reason: String) -> ServiceError {
        ServiceError(.badRequest, "The policy file \(path) \(reason).")
    }

    private static func translated<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as PolicyFileError {
            switch error.code {
            case .refused: throw refusal(error.path, error.reason)
            case .changed: throw changed(error.path)
            case .failed: throw ServiceError(.failed, "The policy file \(error.path) \(error.reason).")
            }
        }
    }
}

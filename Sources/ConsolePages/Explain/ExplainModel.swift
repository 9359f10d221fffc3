// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

public import ControlPlane

/// What the page of explanations shows: the question as typed, and its answer.
public struct ExplainModel: Hashable, Sendable {
    public var source: String
    public var destination: String
    public var port: String
    /// In small letters: `tcp`.
    public var ipProtocol: String
    public var http: String
    public var dnsName: String
    /// Names that can be asked for, for completion; at most 500 are offered.
    public var parties: [String]
    /// `nil` before the first question, and when it could not be answered.
    public var answer: Explanation?
    /// Why it could not be answered.
    public var problem: PanelFailure?
    /// Where the missing rule is drafted; `nil` when none is missing or the viewer may not.
    public var createRule: Link?

    public init(
        source: String = "",
        destination: String = "",
        port: String = "",
        ipProtocol: String = "tcp",
        http: String = "",
        dnsName: String = "",
        parties: [String] = [],
        answer: Explanation? = nil,
        problem: PanelFailure? = nil,
        createRule: Link? = nil
    ) {
        self.source = source
        self.destination = destination
        self.port = port
        self.ipProtocol = ipProtocol
        self.http = http
        self.dnsName = dnsName
        self.parties = parties
        self.answer = answer
        self.problem = problem
        self.createRule = createRule
    }
}

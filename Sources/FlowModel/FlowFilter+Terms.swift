// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

extension FlowFilter {
    /// The filter with a term more; itself when it has that term already, and without the opposite of it.
    public func adding(_ term: Term) -> FlowFilter {
        guard !terms.contains(term) else { return self }
        return FlowFilter(terms.filter { $0 != term.negated } + [term])
    }

    /// The filter without a term.
    public func removing(_ term: Term) -> FlowFilter { FlowFilter(terms.filter { $0 != term }) }

    /// The filter with a term turned round, in its place.
    public func negating(_ term: Term) -> FlowFilter {
        guard terms.contains(term) else { return self }
        guard !terms.contains(term.negated) else { return removing(term) }
        return FlowFilter(terms.map { $0 == term ? term.negated : $0 })
    }

    /// With the term when it is not there, without it when it is: what choosing a menu's entry a second time does.
    public func toggling(_ term: Term) -> FlowFilter { terms.contains(term) ? removing(term) : adding(term) }

    /// The filter without its verdict terms, and these alone.
    public var withoutVerdicts: FlowFilter { FlowFilter(terms.filter { $0.key != .verdict }) }
    public var verdictTerms: FlowFilter { FlowFilter(terms.filter { $0.key == .verdict }) }
}

extension FlowFilter.Term {
    /// The same condition, the other way round.
    public var negated: FlowFilter.Term {
        FlowFilter.Term(isNegated: !isNegated, side: side, key: key, value: value)
    }
}

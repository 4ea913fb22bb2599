/// A stream that breaks off is a round that ended too early: what comes behind it is asked for in the same way.
extension Continuation {
    /// Whether a stream that breaks off can go on, as far as it is known before it comes.
    enum Resuming {
        /// Nobody wants it.
        case off
        case impossible(String)
        case possible(stops: [String])

        var isPossible: Bool { if case .possible = self { true } else { false } }
    }

    /// Why the answer cannot go on from where it has broken off; `nil` where it can.
    var obstacleToResuming: String? {
        // The request for a round has failed, and not what came of it: it is sent again.
        guard roundHasBegun else { return nil }
        switch resuming {
        case .off: return "resume_stream is off"
        case .impossible(let obstacle): return obstacle
        case .possible(let stops):
            if partial.hasToolCalls || hasTools && partial.hasCallMark { return "the answer calls a tool" }
            return partial.endsInBeginning(of: stops) ? "the answer breaks off where a stop text may have begun" : nil
        }
    }

    /// What to go on from.
    mutating func breakOff() -> PartialAnswer {
        guard roundHasBegun else { return partial }
        sumUsage()
        partial.leaveOutSilentTokens()
        if repeatsBlanks { partial.reopenThought() }
        leaveRound()
        partial.hasBrokenOff = true
        return partial
    }
}

extension PartialAnswer {
    /// Whether a stop text may begin here and end in what comes, of which the server sees the rest only.
    fileprivate func endsInBeginning(of stops: [String]) -> Bool {
        let told = Array((thoughtIsOver ? text : thinking).utf8.suffix(stops.map(\.utf8.count).max() ?? 0))
        return stops.contains { stop in
            (1..<max(stop.utf8.count, 1)).contains { told.suffix($0).elementsEqual(stop.utf8.prefix($0)) }
        }
    }
}

/// Two sessions compared, call by call.
public struct SessionComparison: Sendable {
    /// A call that could not be compared.
    public struct Omission: Sendable, Hashable {
        /// Which call of the session that has it, from 1.
        public var number: Int
        /// Its id in the log.
        public var requestID: String?
        /// Whether the new session has it; else the old one.
        public var isNew: Bool
        /// Why it was not compared.
        public var reason: String

        /// A call that could not be compared.
        public init(number: Int, requestID: String?, isNew: Bool = false, reason: String) {
            self.number = number
            self.requestID = requestID
            self.isNew = isNew
            self.reason = reason
        }
    }

    /// What a comparison comes to.
    public enum Verdict: String, Sendable, Hashable {
        /// Nothing is beyond the thresholds.
        case same
        /// Something is.
        case different
        /// Calls were not answered that had been answered before, or could not be compared, or a threshold could not be checked, and nothing
        /// that is known is beyond the thresholds: nobody knows.
        case incomplete
    }

    /// The session that was there before.
    public var old: ComparedSession
    /// The session that is held against it.
    public var new: ComparedSession
    /// The calls.
    public var calls: [CallComparison]
    /// The calls that could not be compared.
    public var omissions: [Omission] = []
    /// What else a reader has to know, such as another model that answered.
    public var notes: [String] = []
    /// By how much they may differ.
    public var thresholds: ComparisonThresholds

    /// A comparison.
    public init(old: ComparedSession, new: ComparedSession, calls: [CallComparison], thresholds: ComparisonThresholds = .init()) {
        self.old = old
        self.new = new
        self.calls = calls
        self.thresholds = thresholds
    }

    /// The calls that differ by more than they may.
    public var differingCalls: [CallComparison] { calls.filter(thresholds.isDifferent) }

    /// What the comparison comes to.
    public var verdict: Verdict {
        // What is beyond the thresholds stays beyond them, whatever the other calls would have come to.
        if !excesses.isEmpty { return .different }
        let isComplete = omissions.isEmpty && !calls.isEmpty && !calls.contains(where: \.isNewFailure) && uncheckedThresholds.isEmpty
        return isComplete ? .same : .incomplete
    }
}

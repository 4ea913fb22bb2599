import ProviderKit
public import SessionTimeline

/// Which calls of a session are made again.
public struct ReplayPlan: Sendable {
    /// The calls to make.
    public var calls: [RecordedCall] = []
    /// The calls that should be made again and cannot.
    public var omissions: [SessionComparison.Omission] = []
    /// Why other calls are left out.
    public var notes: [String] = []

    /// Which calls of a session are wanted.
    public struct Choice: Sendable, Hashable {
        /// The numbers of calls, from 1, or beginnings of their ids of 4 characters at least; empty for all.
        public var names: [String] = []
        /// How many at most.
        public var limit: Int?

        /// All of them.
        public init() {}
    }

    /// No call of this number, or whose id begins so.
    public struct UnknownCall: Error, Sendable, Hashable, CustomStringConvertible {
        /// What was asked for.
        public let name: String
        /// How many calls there are.
        public let count: Int

        /// What was asked for, and what there is.
        public var description: String {
            count == 1
                ? "there is no call \"\(name)\": the log has 1 call" : "there is no call \"\(name)\": the log has \(count) calls"
        }
    }

    /// Chooses calls.
    ///
    /// Calls that nobody waited for have no answer to compare with, and so do those that failed for a reason that has passed since, such as
    /// a server that was not there.
    /// - Throws: `UnknownCall`.
    public init(_ timeline: SessionTimeline, _ choice: Choice = Choice()) throws(UnknownCall) {
        let calls = timeline.calls
        let wanted = try Self.indices(choice.names, of: calls)
        for index in wanted {
            guard self.calls.count < choice.limit ?? .max else { break }
            let call = calls[index]
            let number = index + 1
            if let reason = Self.reasonToLeaveOut(call) {
                notes.append("call \(number) \(reason)")
                continue
            }
            do throws(ContractError) {
                if let recorded = try RecordedCall(number: number, call) {
                    guard recorded.answer.isKnown || call.debugResponse == nil else {
                        omit(number, call, "the log has its answer with the texts cut alone")
                        continue
                    }
                    self.calls.append(recorded)
                    if recorded.isRedacted {
                        notes.append("call \(number) is not asked as it was: secrets in it were not recorded")
                    }
                } else {
                    omit(number, call, "the log does not have its request")
                }
            } catch {
                omit(number, call, "its request cannot be read: \(error)")
            }
        }
    }

    private mutating func omit(_ number: Int, _ call: ProviderCall, _ reason: String) {
        omissions.append(.init(number: number, requestID: call.requestID, reason: reason))
    }

    private static func reasonToLeaveOut(_ call: ProviderCall) -> String? {
        switch call.status {
        case .cancelled: "is not made again: it was cancelled"
        case .unfinished: "is not made again: the log does not have its end"
        case .error where ComparedAnswer(call).failure?.code?.isRetryable ?? true: "is not made again: it failed for a reason that may pass"
        case .ok, .error: nil
        }
    }

    /// What is shorter is a mistyped number, and would be the beginning of some id by chance.
    private static let shortestBeginning = 4

    private static func indices(_ names: [String], of calls: [ProviderCall]) throws(UnknownCall) -> [Int] {
        if names.isEmpty { return Array(calls.indices) }
        var result: Set<Int> = []
        for name in names {
            // An id may begin with digits alone: what is no call's number may be one.
            if let number = Int(name), 1...max(calls.count, 1) ~= number, number <= calls.count {
                result.insert(number - 1)
                continue
            }
            let found = name.count < Self.shortestBeginning ? [] : calls.indices.filter { calls[$0].requestID?.hasPrefix(name) == true }
            guard !found.isEmpty else { throw UnknownCall(name: name, count: calls.count) }
            result.formUnion(found)
        }
        return result.sorted()
    }
}

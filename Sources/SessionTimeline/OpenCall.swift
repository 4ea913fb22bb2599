import JSON
import Timestamps

/// A call of which more records may come.
struct OpenCall: Sendable {
    /// What is known of it.
    var call: ProviderCall
    /// The turn that it belongs to, where somebody has said so.
    var turn = StepTracker.Turn()
    /// `llm:request` has told of it: the provider has begun.
    var isSent = false
    /// `llm:response` has told of its end.
    var hasResponse = false
    /// The loop has told of its end (`provider:response`, `provider:error`).
    var isAnswered = false
    /// When the provider began.
    var sent: LogTimestamp?
    /// How many records there are of it.
    var recordCount = 0
    /// Where in `call.streamedBlocks` the block of each number is.
    var blockPositions: [Int: Int] = [:]

    init(_ call: ProviderCall) {
        self.call = call
    }

    /// Whether its end was told.
    var isOver: Bool { hasResponse || isAnswered }

    /// The call with what follows from its records together.
    var finished: ProviderCall {
        var call = call
        if call.duration == nil, isOver, let start = sent ?? call.start { call.duration = Self.length(from: start, to: call.end) }
        if call.timeToFirstToken == nil, let start = sent ?? call.start {
            call.timeToFirstToken = Self.length(from: start, to: call.streamedBlocks.first?.start)
        }
        return call
    }

    /// From one time of day to a later one; `nil` where the clock was set back in between.
    private static func length(from start: LogTimestamp, to end: LogTimestamp?) -> Duration? {
        end.flatMap { $0 < start ? nil : $0.duration(since: start) }
    }
}

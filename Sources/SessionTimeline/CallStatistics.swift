public import ProviderKit
import Timestamps

/// What is to be said of any number of calls.
public struct CallStatistics: Sendable {
    /// How many there are, by how they ended.
    public private(set) var counts: [ProviderCall.Status: Int] = [:]
    /// The tokens of all of them; the cost in it means nothing, see `cost`.
    public private(set) var usage = Usage(inputTokens: 0, outputTokens: 0)
    /// How many have said what tokens they took.
    public private(set) var countWithUsage = 0
    /// How many of those have not said what they cost.
    public private(set) var countWithoutCost = 0
    /// From the call's beginning to the first token of its answer.
    public private(set) var timeToFirstToken = QuantileSketch()
    /// The time of a token behind the first one, of streamed calls: (duration − time to first token) / (output tokens − 1), as vLLM's
    /// benchmark has it.
    public private(set) var timePerOutputToken = QuantileSketch()
    /// Between two pieces of a streamed answer, where the log has them: as the provider handed them on (`llm:stream_block_delta`), else as they
    /// came from the server (`llm:exchange:raw`).
    public private(set) var interTokenLatency = QuantileSketch()
    /// From a call's beginning to its end.
    public private(set) var duration = QuantileSketch()
    /// How many attempts there were behind the first ones.
    public private(set) var retryCount = 0
    /// How many calls took more than one attempt.
    public private(set) var retriedCount = 0
    /// Why calls failed: Amplifier's class of the error, such as `RateLimitError`, or `unknown`.
    public private(set) var errors = Tally()
    /// Why attempts failed behind which another one followed.
    public private(set) var retriedErrors = Tally()
    /// Why answers ended.
    public private(set) var finishReasons = Tally()
    private var knownCost: ExactDecimal? = ExactDecimal(0)
    private var timedOutputTokens = 0
    private var timedSeconds = 0.0

    /// Of no calls.
    public init() {}

    /// How many calls there are.
    public var count: Int { counts.values.reduce(0, +) }

    /// What the calls cost together in US dollars, as a decimal number; `nil` where none has said what it cost, and where the sum is too large.
    /// `countWithoutCost` says how many are missing in it.
    public var cost: String? { countWithUsage == countWithoutCost ? nil : knownCost?.text }

    /// How many tokens a second a call gave, on average over the time that calls took.
    public var outputTokensPerSecond: Double? { timedSeconds > 0 ? Double(timedOutputTokens) / timedSeconds : nil }

    /// Counts a call in.
    public mutating func add(_ call: ProviderCall) {
        counts[call.status, default: 0] += 1
        add(usageOf: call)
        if let duration = call.duration { self.duration.add(duration) }
        if let time = call.timeToFirstToken { timeToFirstToken.add(time) }
        if let time = call.timePerOutputToken { timePerOutputToken.add(time) }
        for interval in call.tokenIntervals { interTokenLatency.add(interval) }
        retryCount += call.retries.count
        if !call.retries.isEmpty { retriedCount += 1 }
        for retry in call.retries { retriedErrors.add(retry.errorType ?? "unknown") }
        if call.status == .error { errors.add(call.failure?.type ?? "unknown") }
        if let reason = call.finishReason { finishReasons.add(reason) }
    }

    private mutating func add(usageOf call: ProviderCall) {
        guard let usage = call.usage else { return }
        self.usage.add(usage)
        countWithUsage += 1
        if let cost = usage.costUSD.flatMap({ ExactDecimal($0) }) {
            knownCost = knownCost?.plus(cost)
        } else {
            countWithoutCost += 1
        }
        guard let duration = call.duration, duration > .zero, usage.outputTokens < 1 << 40 else { return }
        timedOutputTokens = timedOutputTokens.addingReportingOverflow(usage.outputTokens).partialValue
        timedSeconds += duration / .seconds(1)
    }
}

extension ProviderCall {
    /// The time of an output token behind the first one, of a streamed call that was answered: (duration − time to first token) / (output tokens −
    /// 1), as vLLM's benchmark has it; `nil` where that cannot be told.
    public var timePerOutputToken: Duration? {
        guard status == .ok, isStreamed != false, let duration, let timeToFirstToken, let tokens = usage?.outputTokens, tokens > 1,
            duration >= timeToFirstToken
        else { return nil }
        return (duration - timeToFirstToken) / Double(tokens - 1)
    }

    /// The times between the pieces of each block of a streamed answer, where the log has them; without those in which an attempt was made
    /// anew.
    var tokenIntervals: [Duration] {
        let blocks = answeredBlocks.filter { !$0.deltas.isEmpty }
        guard !blocks.isEmpty else { return zip(chunkTimes.dropFirst(), chunkTimes).map { $0 - $1 } }
        let retries = retries.compactMap(\.time).sorted()
        return blocks.flatMap { block in
            zip(block.deltas, block.deltas.dropFirst())
                .filter { start, end in Self.first(of: retries, after: start).map { $0 > end } ?? true }
                .map { $1.duration(since: $0) }
        }
    }

    /// The blocks of the answer alone: one that begins anew ends what there is of it, and of those behind it, from an attempt that was given up.
    private var answeredBlocks: [StreamedBlock] {
        streamedBlocks.reduce(into: []) { blocks, block in
            while let last = blocks.last, last.index >= block.index { blocks.removeLast() }
            blocks.append(block)
        }
    }

    /// The first of the times, which are in order, behind another one.
    private static func first(of times: [LogTimestamp], after time: LogTimestamp) -> LogTimestamp? {
        var range = times.indices
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            range = times[middle] > time ? range.lowerBound..<middle : middle + 1..<range.upperBound
        }
        return range.lowerBound < times.endIndex ? times[range.lowerBound] : nil
    }
}

import JSON
import Locks
import ProviderKit
import Synchronization
import VLLMClient

/// One call of the provider: sends the request when it is first read, and gives out the answer as it arrives. An attempt that fails is
/// followed by another one, as `VLLMCall+Retry.swift` has it.
final class VLLMCall: ResponseSource, @unchecked Sendable {
    // @unchecked: everything mutable is reached by the one `next` that has set `isReading`, and by `deinit`, when there is no `next` left.
    enum Phase {
        case ready
        case starting
        case answering
        case over
    }

    static let closed = ProviderError(.cancelled, "the provider was closed")

    let request: ChatRequest
    let callOptions: JSONObject
    /// Of all servers.
    let core: VLLMCore
    private let isReading = Atomic(false)
    var phase = Phase.ready
    /// What the call is to do, before a server has been asked for its dialect.
    var plan: CallPlan?
    var limits: TimeLimits
    var deadline: ContinuousClock.Instant
    var schedule: RetrySchedule
    // Changed where they stand: taken out of an enumeration's payload, the text so far would be copied for every piece. That nobody else
    // changes them meanwhile is known (`isReading`), and need not be looked up for every token.
    @exclusivity(unchecked) var attempt = CallAttempt()
    @exclusivity(unchecked) var source = ChunkSource()
    @exclusivity(unchecked) var reader = AnswerReader()
    @exclusivity(unchecked) var constraint: AnswerConstraint?
    @exclusivity(unchecked) var recorder: CallRecorder
    @exclusivity(unchecked) var gatherer = ResponseGatherer()
    @exclusivity(unchecked) var continuation = Continuation()
    /// Something of the answer was given out, so that it can only go on and not begin anew.
    var isShown = false
    /// What the next attempt goes on from.
    var behind: PartialAnswer?
    /// Why the answer broke off that is to go on.
    var breakage: ProviderError?
    /// The first time limit that has passed, other than that of the whole call.
    var passedLimit: ProviderError?
    /// What was read and is told with what follows it.
    @exclusivity(unchecked) var unshown: [ProviderEvent] = []
    /// The answer's last parts, where its next round could not be had.
    var lastParts: [AnswerPart]?
    /// The last failure was none of a server: what it answered cannot be taken.
    var isUnreadable = false
    /// A retry that is told of when it is known which server it asks.
    var announcedRetry: CallRecorder.Retry?
    /// What is wrong behind the events that were given out last.
    private var problem: ProviderError?

    init(_ request: ChatRequest, options: JSONObject, core: VLLMCore) {
        self.request = request
        callOptions = CallOptions.options(options, of: request)
        self.core = core.serving(request, options: callOptions)
        limits = core.settings.limits
        deadline = core.clock.now()
        schedule = RetrySchedule(core.settings.retries, timeout: core.settings.limits.total)
        recorder = self.core.recorder(request, options: callOptions)
    }

    deinit {
        // Whoever drops the stream before its end has cancelled the call.
        guard case .answering = phase else { return }
        // Lets the connection go, so that the exchange is told before the end of the call.
        source = ChunkSource()
        var error = ProviderError(.cancelled, "the answer was not read to its end")
        if gatherer.hasContent { error.partialResponse = gatherer.response }
        recorder.failed(error)
    }

    var executor: (any TaskExecutor)? { core.executor }

    func next() async throws(ProviderError) -> [ProviderEvent]? {
        guard !isReading.exchange(true, ordering: .acquiring) else {
            throw ProviderError(.other, "an answer is read by two tasks at once")
        }
        defer { isReading.store(false, ordering: .releasing) }
        while true {
            do throws(ProviderError) {
                switch phase {
                case .ready where core.scope.isClosed: throw Self.closed
                case .ready:
                    try prepare()
                    phase = .starting
                case .starting:
                    try await start()
                    phase = .answering
                case .answering: return try await read()
                case .over: return nil
                }
            } catch {
                try await recover(from: error)
            }
        }
    }

    /// Reads until there is an event to tell. What was read when it fails is told with what follows: another attempt may go on behind it.
    private func read() async throws(ProviderError) -> [ProviderEvent] {
        if let problem {
            self.problem = nil
            throw problem
        }
        var isOver = false
        while !isOver, !isNews(unshown) {
            // The last ones of an answer that could not go on; else what has arrived, and behind a round what comes of its end.
            var parts = lastParts.take()
            if parts == nil {
                do throws(VLLMError) { parts = try await source.next(joining: continuation.joining) } catch { throw meaning(of: error) }
                if parts == nil { parts = try await endRound() } else { join(&parts) }
            }
            if let parts { try take(parts) } else { isOver = true }
        }
        return try give(isOver: isOver)
    }

    // What follows does not wait: it stands in functions of its own, whose variables have no place in the memory of a stream.

    @inline(never)
    private func meaning(of error: VLLMError) -> ProviderError {
        ProviderError(error, settings: attempt.core(core).settings, limits: limits)
    }

    /// Parts have arrived: leaves what of them can be read.
    private func join(_ parts: inout [AnswerPart]?) {
        attempt.answered()
        guard var arrived = parts.take() else { return }
        continuation.join(&arrived)
        parts = arrived
    }

    @inline(never)
    private func take(_ parts: [AnswerPart]) throws(ProviderError) {
        do throws(ProviderError) {
            try read(parts, to: &unshown)
        } catch {
            isUnreadable = true
            guard isNews(unshown) else { throw error }
            // What came before the mistake belongs to the answer.
            problem = error
        }
    }

    /// What was read and is not told yet, with the answer's end where it is over.
    @inline(never)
    private func give(isOver: Bool) throws(ProviderError) -> [ProviderEvent] {
        let mistake = isOver ? try finish(&unshown) : nil
        var events: [ProviderEvent] = []
        swap(&events, &unshown)
        tell(events)
        if let mistake {
            isUnreadable = true
            throw mistake
        }
        if isOver {
            phase = .over
            attempt.lease?.succeeded(tokens: continuation.tokensOfRound ?? gatherer.usage?.totalTokens)
            recorder.completed(gatherer.response)
        }
        return events
    }

    private func read(_ parts: [AnswerPart], to events: inout [ProviderEvent]) throws(ProviderError) {
        let parts = parts.span
        for index in parts.indices {
            constraint?.read(parts[index])
            try reader.read(parts, at: index, to: &events)
        }
    }

    /// Whether there is something that an answer cannot take back: that it has started is told with what it begins with.
    private func isNews(_ events: [ProviderEvent]) -> Bool {
        if isShown { return !events.isEmpty }
        return events.contains { event in
            switch event {
            case .started, .promptTokens: false
            default: true
            }
        }
    }

    /// Ends the answer: gives its last events, and what is wrong with its shape.
    private func finish(_ events: inout [ProviderEvent]) throws(ProviderError) -> ProviderError? {
        do throws(ProviderError) { try reader.finish(to: &events) } catch {
            isUnreadable = true
            throw error
        }
        guard case .finished(var finish) = events.last else { return nil }
        continuation.note(in: &finish)
        events[events.count - 1] = .finished(finish)
        guard let constraint else { return nil }
        var whole = gatherer
        whole.add(events)
        let (problem, uncheckedReason) = constraint.check(whole.response)
        finish.metadata["vllm:unchecked_constraint"] = uncheckedReason.map { .string($0) }
        events[events.count - 1] = .finished(finish)
        return problem
    }

    /// What comes behind the parts of a round: the answer's last ones, or none yet where another round begins; `nil` at the end.
    @inline(never)
    private func endRound() async throws(ProviderError) -> [AnswerPart]? {
        switch continuation.endRound() {
        case .over(let parts): return parts.isEmpty ? nil : parts
        case .next(let partial):
            attempt.lease?.succeeded(tokens: continuation.tokensOfRound)
            recorder.continues(continuation)
            behind = partial
            attempt.tried = []
            try await start()
            return []
        }
    }

    private func tell(_ events: [ProviderEvent]) {
        isShown = true
        breakage = nil
        recorder.record(events)
        gatherer.add(events)
    }
}

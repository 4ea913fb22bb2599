import JSON
import Locks
import ProviderKit
import VLLMClient

/// One call of the provider: sends the request when it is first read, and gives out the answer as it arrives.
final class VLLMCall: ResponseSource, @unchecked Sendable {
    // @unchecked: everything mutable is reached by the one `next` that has set `isReading`, and by `deinit`, when there is no `next` left.
    private enum Phase {
        case ready
        case answering
        case over
    }

    private static let closed = ProviderError(.cancelled, "the provider was closed")

    private let request: ChatRequest
    private let callOptions: JSONObject
    /// Of all servers.
    private let core: VLLMCore
    /// Leave to ask the server that answers.
    private var lease: ServerLease?
    private var hasAnswered = false
    private let isReading = Guarded(false)
    private var phase = Phase.ready
    // Changed where they stand: taken out of an enumeration's payload, the text so far would be copied for every piece.
    private var source = ChunkSource.whole(nil)
    private var reader = AnswerReader()
    private var limits: TimeLimits
    private var constraint: AnswerConstraint?
    private var recorder: CallRecorder
    private var gatherer = ResponseGatherer()
    private var continuation = Continuation()
    private var sent: (call: VLLMCore.SentCall, client: LimitedClient)?

    init(_ request: ChatRequest, options: JSONObject, core: VLLMCore) {
        self.request = request
        callOptions = CallOptions.options(options, of: request)
        self.core = core.serving(request, options: callOptions)
        limits = core.settings.limits
        recorder = self.core.recorder(request, options: callOptions)
    }

    deinit {
        // Whoever drops the stream before its end has cancelled the call.
        if case .answering = phase { recorder.failed(ProviderError(.cancelled, "the answer was not read to its end")) }
    }

    func next() async throws(ProviderError) -> [ProviderEvent]? {
        let isFree = isReading.withLock { isReading in
            defer { isReading = true }
            return !isReading
        }
        guard isFree else { throw ProviderError(.other, "an answer is read by two tasks at once") }
        defer { isReading.withLock { $0 = false } }
        do throws(ProviderError) {
            switch phase {
            case .ready where core.scope.isClosed:
                recordUnplanned()
                throw Self.closed
            case .ready:
                try await core.scope.run(orThrow: Self.closed) { () throws(ProviderError) in try await self.begin() }
                phase = .answering
            case .answering: break
            case .over: return nil
            }
            return try await read()
        } catch {
            throw failed(error)
        }
    }

    /// Reads until there is an event to tell.
    private func read() async throws(ProviderError) -> [ProviderEvent] {
        var events: [ProviderEvent] = []
        while events.isEmpty, let parts = try await nextParts() {
            do throws(ProviderError) {
                for part in parts {
                    constraint?.read(part)
                    try reader.read(part, to: &events)
                }
            } catch {
                // What came before the mistake belongs to the partial answer.
                tell(events)
                throw error
            }
        }
        let isOver = events.isEmpty
        let problem = isOver ? try finish(&events) : nil
        tell(events)
        if let problem { throw problem }
        if isOver {
            phase = .over
            let response = gatherer.response
            lease?.succeeded(tokens: response.usage?.totalTokens)
            recorder.completed(response)
        }
        return events
    }

    /// Ends the answer: gives its last events, and what is wrong with its shape.
    private func finish(_ events: inout [ProviderEvent]) throws(ProviderError) -> ProviderError? {
        try reader.finish(to: &events)
        guard case .finished(var finish) = events.last else { return nil }
        continuation.note(in: &finish)
        events[events.count - 1] = .finished(finish)
        guard let constraint else { return nil }
        var whole = gatherer
        for event in events { whole.add(event) }
        let (problem, uncheckedReason) = constraint.check(whole.response)
        finish.metadata["vllm:unchecked_constraint"] = uncheckedReason.map { .string($0) }
        events[events.count - 1] = .finished(finish)
        return problem
    }

    /// The next parts of the answer, over all of its rounds.
    private func nextParts() async throws(ProviderError) -> [AnswerPart]? {
        do throws(ProviderError) {
            if let parts = try await nextPartsOfRound() { return continuation.join(parts) }
            switch continuation.endRound() {
            case .over(let parts): return parts.isEmpty ? nil : parts
            case .next(let partial):
                try await resume(behind: partial)
                return []
            }
        } catch {
            guard continuation.count > 0, error.code != .cancelled else { throw error }
            // What there is of the answer is not lost.
            source = .whole(nil)
            return continuation.fail(core.redacted(error))
        }
    }

    private func nextPartsOfRound() async throws(ProviderError) -> [AnswerPart]? {
        do {
            let parts = try await source.next()
            if !hasAnswered, parts != nil {
                hasAnswered = true
                lease?.answered()
            }
            return parts
        } catch {
            throw ProviderError(error, settings: (lease?.core ?? core).settings, limits: limits)
        }
    }

    private func resume(behind partial: PartialAnswer) async throws(ProviderError) {
        guard let sent, let lease else { return }
        recorder.continues(continuation)
        source = try await lease.core.resume(
            sent.call, behind: partial, model: recorder.model ?? "", client: sent.client, recorder: recorder)
    }

    private func tell(_ events: [ProviderEvent]) {
        recorder.record(events)
        for event in events { gatherer.add(event) }
    }

    /// Ends the call with an error that says all that is known.
    private func failed(_ error: ProviderError) -> ProviderError {
        phase = .over
        // The server may have been started anew, with another model or another context window.
        if error.code == .notFound || error.code == .contextLength { (lease?.core ?? core).models.forget() }
        // Lets the connection go.
        source = .whole(nil)
        var error = core.redacted(error)
        error.provider = core.settings.providerName
        error.model = error.model ?? recorder.model
        // vLLM logs a call under the name that it was sent with, also where it does not say so.
        if error.status != nil { error.requestID = error.requestID ?? recorder.requestID }
        if gatherer.hasContent { error.partialResponse = gatherer.response }
        if error.code == .cancelled { lease?.abandoned() } else { lease?.failed(error) }
        recorder.failed(error)
        return error
    }

    /// Tells of a request of which no more is known than what the settings say.
    private func recordUnplanned() {
        let endpoint: CallPlan.Endpoint = core.settings.usesCompletions ? .completions : .chat
        recorder.request(request, endpoint: endpoint.rawValue, streams: core.settings.streams)
    }

    /// Sends the request.
    private func begin() async throws(ProviderError) {
        let options: GenerationOptions
        var plan: CallPlan
        do throws(ProviderError) {
            options = try GenerationOptions(request, options: callOptions, settings: core.settings)
            plan = try CallPlan(request, options: options)
        } catch {
            recordUnplanned()
            throw error
        }
        limits = options.limits
        constraint = AnswerConstraint(options.sampling)
        let deadline = core.clock.now() + limits.total
        recorder.model = options.model
        let lease: ServerLease
        let client: LimitedClient
        do throws(ProviderError) {
            lease = try await core.lease(core.need(plan, deadline: deadline))
            self.lease = lease
            client = LimitedClient(lease.core.client(requestID: recorder.requestID), limits: limits, deadline: deadline)
            try plan.speak(plan.needsVersion ? await lease.core.dialects.dialect(client) : plan.dialect)
            if options.model == nil { recorder.model = try await lease.core.defaultModel(client) }
        } catch {
            recorder.request(request, endpoint: plan.endpoint.rawValue, streams: options.streams)
            throw error
        }
        recorder.request(request, endpoint: plan.endpoint.rawValue, streams: options.streams)
        recorder.repaired(core.reportedRepairs.withLock { $0.unreported(plan.repairs, in: request) })
        let call = try await lease.core.send(plan, model: recorder.model ?? "", client: client, recorder: recorder)
        (source, reader, continuation) = (call.source, call.reader, plan.continuation)
        if continuation.limit > 0 { sent = (call, client) }
    }
}

import JSON
import Locks
import ProviderKit
import SessionTimeline

/// One call of a provider that replays: looks the request up when it is first read, and gives the recorded answer out, or that of the
/// provider behind it.
final class ReplayCall: ResponseSource, @unchecked Sendable {
    // @unchecked: everything mutable is reached by the one `next` that has set `isReading`, and by `deinit`, when there is no `next` left.
    private enum Phase {
        case ready
        case playing(ArraySlice<AnswerStep>, ending: ProviderError?, start: ContinuousClock.Instant)
        case asking(ResponseStream.Iterator)
        case over
    }

    private static let closed = ProviderError(.cancelled, "the provider was closed", provider: "replay")
    private static let cancelled = ProviderError(.cancelled, "the call was cancelled", provider: "replay")

    private let request: ChatRequest
    private let options: JSONObject
    private let provider: ReplayProvider
    private let requestID: String
    private let isReading = Guarded(false)
    private var phase = Phase.ready
    private var gatherer = ResponseGatherer()
    /// Tells of an answer that is played; the provider behind this one tells of its own.
    private var recorder: ReplayRecorder?

    init(_ request: ChatRequest, options: JSONObject, provider: ReplayProvider) {
        let names = [request.metadata?["request_id"], options["request_id"]].lazy.compactMap { $0?.string }
        requestID = names.first { !$0.isEmpty } ?? SessionID.random()
        var request = request
        request.metadata = request.metadata ?? [:]
        request.metadata?["request_id"] = .string(requestID)
        self.request = request
        self.options = options
        self.provider = provider
    }

    deinit {
        switch phase {
        case .playing: recorder?.failed(ProviderError(.cancelled, "the answer was not read to its end"))
        case .asking: provider.cassette?.discard(requestID)
        case .ready, .over: break
        }
    }

    func next() async throws(ProviderError) -> [ProviderEvent]? {
        let isFree = isReading.withLock { isReading in
            defer { isReading = true }
            return !isReading
        }
        guard isFree else { throw ProviderError(.other, "an answer is read by two tasks at once", isRetryable: false) }
        defer { isReading.withLock { $0 = false } }
        do throws(ProviderError) {
            if case .over = phase { return nil }
            try goOn()
            if case .ready = phase { try await begin() }
            if case .asking(let iterator) = phase { return try await ask(iterator) }
            return try await play()
        } catch {
            throw await failed(error)
        }
    }

    /// Looks the request up.
    private func begin() async throws(ProviderError) {
        let library = try await provider.loaded()
        if library.isPlayed {
            let found = library.find(request, options: options)
            if case .call(let recorded) = found { return begin(recorded) }
            if !library.isRecorded { throw .notRecorded(request, options: options, found, in: library) }
        }
        guard let inner = provider.inner else { throw .notRecorded(request, options: options, .nothing, in: library) }
        provider.cassette?.begin(requestID)
        phase = .asking(inner.stream(request, options: options).makeAsyncIterator())
    }

    private func begin(_ recorded: RecordedCall) {
        let model = recorded.call.model ?? request.model ?? "unknown"
        recorder = begunRecorder(model: model)
        let (response, failure): (ChatResponse?, ProviderError?)
        switch recorded.outcome {
        case .answered(let answer): (response, failure) = (answer, nil)
        case .failed(let error): (response, failure) = (error.partialResponse, error)
        }
        let steps = response.map { response in
            let pacing = AnswerPacing(recorded.call, response.content, tokens: response.logprobs ?? [])
            return response.steps(model: model, isComplete: failure == nil, pacing: pacing)
        }
        phase = .playing((steps ?? [])[...], ending: failure, start: .now)
    }

    private func begunRecorder(model: String?) -> ReplayRecorder {
        let recorder = ReplayRecorder(request, model: model, requestID: requestID, context: provider.context)
        recorder.begin()
        return recorder
    }

    private func play() async throws(ProviderError) -> [ProviderEvent]? {
        guard case .playing(var steps, let ending, let start) = phase else { return nil }
        guard let step = steps.popFirst() else {
            if let ending { throw ending }
            recorder?.completed()
            phase = .over
            return nil
        }
        var events = step.events
        if provider.settings.keepsTime {
            try await wait(until: start + step.offset)
        } else {
            for step in steps { events += step.events }
            steps = []
        }
        phase = .playing(steps, ending: ending, start: start)
        recorder?.record(events)
        for event in events { gatherer.add(event) }
        return events
    }

    private func ask(_ iterator: ResponseStream.Iterator) async throws(ProviderError) -> [ProviderEvent]? {
        var iterator = iterator
        let events = try await iterator.nextBatch()
        phase = events == nil ? .over : .asking(iterator)
        for event in events ?? [] { gatherer.add(event) }
        if events == nil { await record(.answered(gatherer.response)) }
        return events
    }

    /// The error that ends the call, told to whoever has to know.
    private func failed(_ error: ProviderError) async -> ProviderError {
        defer { phase = .over }
        guard case .asking = phase else {
            var error = error
            if error.partialResponse == nil, gatherer.hasContent { error.partialResponse = gatherer.response }
            (recorder ?? begunRecorder(model: request.model)).failed(error)
            return error
        }
        // A connection that could not be made says nothing of the request.
        if error.code != .cancelled, !error.isRetryable || error.status != nil || error.partialResponse != nil {
            await record(.failed(error))
        } else {
            provider.cassette?.discard(requestID)
        }
        return error
    }

    private func record(_ outcome: RecordedCall.Outcome) async {
        guard let cassette = provider.cassette, let inner = provider.inner else { return }
        let (request, options, requestID, name) = (request, options, requestID, inner.name)
        // It waits for the disk.
        let problem = await BackgroundThread.run {
            cassette.record(request, options: options, outcome, requestID: requestID, provider: name)
        }
        if let problem { provider.warn(of: problem) }
    }

    /// Whether anybody still wants the answer.
    private func goOn() throws(ProviderError) {
        if provider.scope.isClosed { throw Self.closed }
        if Task.isCancelled { throw Self.cancelled }
    }

    private func wait(until due: ContinuousClock.Instant) async throws(ProviderError) {
        try await provider.scope.run(orThrow: Self.closed) { () async throws(ProviderError) in
            do { try await Task.sleep(until: due, clock: .continuous) } catch { throw Self.cancelled }
        }
    }
}

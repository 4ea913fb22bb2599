import HTTPTransport
import JSON
import Locks
import ProviderKit
import VLLMClient

/// One call of the provider: sends the request when it is first read, and gives out the answer as it arrives.
final class VLLMCall: ResponseSource, @unchecked Sendable {
    // @unchecked: everything mutable is reached by the one `next` that holds `isReading`, and by `deinit`.
    private enum Phase {
        case ready
        case answering(ChunkSource, AnswerReader)
        case over
    }

    private let request: ChatRequest
    private let callOptions: JSONObject
    private let core: VLLMCore
    private let isReading = Guarded(false)
    private var phase = Phase.ready
    private var recorder: CallRecorder
    private var gatherer = ResponseGatherer()

    init(_ request: ChatRequest, options: JSONObject, core: VLLMCore) {
        self.request = request
        callOptions = options
        self.core = core
        recorder = core.recorder()
    }

    deinit {
        // Whoever drops the stream before its end has cancelled the call.
        if case .answering = phase { recorder.failed(ProviderError(.cancelled, "the answer was not read to its end")) }
    }

    func next() async throws(ProviderError) -> [ProviderEvent]? {
        guard
            isReading.withLock({ isReading in
                isReading
                    ? false
                    : {
                        isReading = true; return true
                    }()
            })
        else {
            throw ProviderError(.other, "an answer is read by two tasks at once", isRetryable: false)
        }
        defer { isReading.withLock { $0 = false } }
        do {
            guard let events = try await advance() else { return nil }
            recorder.record(events)
            for event in events { gatherer.add(event) }
            if case .over = phase { recorder.completed(gatherer.response) }
            return events
        } catch {
            phase = .over
            var error = error
            error.provider = error.provider ?? core.settings.providerName
            error.model = error.model ?? recorder.model
            if gatherer.hasContent { error.partialResponse = gatherer.response }
            recorder.failed(error)
            throw error
        }
    }

    private func advance() async throws(ProviderError) -> [ProviderEvent]? {
        switch phase {
        case .ready:
            let (source, reader) = try await begin()
            return try await read(source, reader)
        case .answering(let source, let reader): return try await read(source, reader)
        case .over: return nil
        }
    }

    /// Reads until there is an event to tell.
    private func read(_ source: ChunkSource, _ reader: AnswerReader) async throws(ProviderError) -> [ProviderEvent] {
        var (source, reader) = (source, reader)
        // What is read is held here alone, so that it is not copied.
        phase = .ready
        var events: [ProviderEvent] = []
        while events.isEmpty {
            let parts: [AnswerPart]?
            do { parts = try await source.next() } catch {
                throw ProviderError(error, settings: core.settings, model: recorder.model)
            }
            guard let parts else {
                try reader.finish(to: &events)
                phase = .over
                return events
            }
            do throws(ProviderError) {
                for part in parts { try reader.read(part, to: &events) }
            } catch {
                // What came before the mistake belongs to the partial answer.
                for event in events { gatherer.add(event) }
                throw error
            }
        }
        phase = .answering(source, reader)
        return events
    }

    private func begin() async throws(ProviderError) -> (ChunkSource, AnswerReader) {
        let options = try GenerationOptions(request, options: callOptions, settings: core.settings)
        let deadline = ContinuousClock.now + options.timeout
        var client = core.client(timeout: options.timeout, requestID: recorder.requestID)
        var plan = CallPlan(request, options: options)
        recorder.model = options.model
        do throws(ProviderError) {
            if options.model == nil { recorder.model = try await core.models.defaultModel(client) }
        } catch {
            recorder.request(request, endpoint: plan.endpoint.rawValue, streams: options.streams)
            throw error
        }
        recorder.request(request, endpoint: plan.endpoint.rawValue, streams: options.streams)
        let model = recorder.model ?? ""
        client.timeouts.total = max(deadline - .now, .milliseconds(1))
        do throws(VLLMError) {
            switch plan.endpoint {
            case .chat:
                let body = plan.chatRequest(model: model)
                recorder.sent(path: ChatCompletionRequest.path, body: try body.json(streaming: options.streams))
                let reader = AnswerReader(model: model, markup: AnswerReader.Markup(), degradation: plan.degradation)
                if options.streams { return (.chat(try await client.streamChatCompletion(body).makeAsyncIterator()), reader) }
                return (.whole(AnswerPart(try await client.chatCompletion(body))), reader)
            case .completions:
                let prompt = try await core.renderer.render(
                    request, messages: plan.messages, tools: plan.tools, options: options, model: model, client: client)
                plan.degradation = plan.degradation ?? prompt.degradation
                client.timeouts.total = max(deadline - .now, .milliseconds(1))
                let body = plan.completionRequest(model: model, prompt: prompt)
                recorder.sent(path: CompletionRequest.path, body: try body.json(streaming: options.streams))
                let markup = AnswerReader.Markup(startsInThinking: prompt.startsInThinking, hasToolCalls: !plan.tools.isEmpty)
                let reader = AnswerReader(model: model, markup: markup, degradation: plan.degradation)
                if options.streams { return (.completion(try await client.streamCompletion(body).makeAsyncIterator()), reader) }
                return (.whole(AnswerPart(try await client.completion(body))), reader)
            }
        } catch {
            throw ProviderError(error, settings: core.settings, model: model)
        }
    }
}

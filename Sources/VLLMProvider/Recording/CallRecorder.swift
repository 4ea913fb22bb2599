import JSON
import ProviderKit
import Redaction
import VLLMClient

/// Tells the session what a call does: the provider's events, all with the call's `request_id`.
struct CallRecorder {
    let sink: any EventSink
    private let server: VLLMServer
    private let secrets: SecretStore
    private let instanceID: String?
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private var firstToken: ContinuousClock.Instant?
    private var sequences: [Int] = []
    private var kinds: [String] = []
    private var usage: Usage?
    private var finish: ResponseFinish?
    private var streams = false
    private var isAnnounced = false
    private var retryCount = 0

    /// An attempt behind the first one.
    struct Retry {
        /// Why there is one.
        let error: ProviderError
        /// Which one it is, from 1.
        let attempt: Int
        /// How many there may be.
        let limit: Int
        let delay: Duration
        /// The answer goes on, and does not begin anew.
        let isResumed: Bool
        /// The server that is asked, where it is another one.
        var server: String?
    }

    /// The name of the call in all its events, and at the server.
    let requestID: String
    var model: String?

    init(sink: any EventSink, server: VLLMServer, secrets: SecretStore, instanceID: String?, requestID: String) {
        self.sink = sink
        self.server = server
        self.secrets = secrets
        self.instanceID = instanceID
        self.requestID = requestID
        start = clock.now
    }

    var settings: VLLMSettings { _read { yield server.settings } }

    /// Knows what has come to be known by now: a key that is read when it is needed is not there when the call begins.
    var redactor: Redactor { secrets.redactor }

    /// The call begins: told once.
    /// - Parameter options: those of the call.
    mutating func request(_ request: ChatRequest, options: JSONObject, endpoint: String, streams: Bool) {
        guard !isAnnounced else { return }
        isAnnounced = true
        self.streams = streams
        begin(request, endpoint: endpoint)
        called(request, options: options)
    }

    private func begin(_ request: ChatRequest, endpoint: String) {
        guard sink.wants(EventName.llmRequest) else { return }
        var data = base
        data["endpoint"] = .string(endpoint)
        data["message_count"] = .integer(request.messages.count)
        data["has_instructions"] = .bool(request.messages.contains { $0.role == .system || $0.role == .developer })
        data["tool_count"] = .integer(request.tools?.count ?? 0)
        data["stream"] = .bool(streams)
        sink.emit(EventName.llmRequest, data)
    }

    /// Broken sequences of tool calls and results were repaired.
    func repaired(_ repairs: [ToolSequenceRepair]) {
        guard !repairs.isEmpty, sink.wants(EventName.providerToolSequenceRepaired) else { return }
        var data = base
        data["repair_count"] = .integer(repairs.count)
        data["repairs"] = .array(repairs.map(\.json))
        sink.emit(EventName.providerToolSequenceRepaired, data)
    }

    /// Steps of the answer.
    mutating func record(_ events: [ProviderEvent]) {
        // Asked once: most sessions want none of them.
        let tellsDeltas = streams && sink.wants(EventName.llmStreamBlockDelta)
        let events = events.span
        for index in events.indices {
            switch events[index] {
            case .blockStarted(let block): blockStarted(block)
            case .blockDelta(let index, let text): if tellsDeltas, kinds[index] != "tool_use" { blockDelta(index, text) }
            case .blockEnded(let index, _): emitBlock(EventName.llmStreamBlockEnd, index)
            case .usage(let usage): self.usage = usage
            case .finished(let finish): self.finish = finish
            case .started(let start): model = start.model
            case .logprobs, .promptTokens, .tokenIDs: break
            }
        }
    }

    /// An answer that its length has cut goes on.
    func continues(_ continuation: Continuation) {
        guard sink.wants(EventName.providerIncompleteContinuation) else { return }
        var data = base
        data["response_id"] = continuation.responseID.map { .string($0) }
        data["reason"] = "length"
        data["continuation_number"] = .integer(continuation.count)
        data["max_attempts"] = .integer(continuation.limit)
        sink.emit(EventName.providerIncompleteContinuation, data)
    }

    /// An attempt has failed, and another one follows.
    mutating func retries(_ retry: Retry) {
        retryCount = retry.attempt
        guard sink.wants(EventName.providerRetry) else { return }
        var data = base
        data["attempt"] = .integer(retry.attempt)
        data["max_retries"] = .integer(retry.limit)
        data["delay"] = .double(retry.delay / .seconds(1))
        data["error_type"] = .string(retry.error.code.className)
        data["error_message"] = .string(redactor.redact(retry.error.message))
        data["status_code"] = retry.error.status.map { .integer($0) }
        data["resumed"] = .bool(retry.isResumed)
        data["server"] = retry.server.map { .string($0) }
        sink.emit(EventName.providerRetry, data)
    }

    /// The call waits for the configuration's own limits.
    func throttled(by reason: LeaseDelay, waiting count: Int, now: ContinuousClock.Instant) {
        guard sink.wants(EventName.providerThrottle) else { return }
        var data = base
        data["reason"] = .string(reason.setting)
        data["delay"] = reason.until.map { .double(max($0 - now, .zero) / .seconds(1)) }
        data["waiting"] = .integer(count)
        sink.emit(EventName.providerThrottle, data)
    }

    /// The call is done.
    func completed(_ response: @autoclosure () -> ChatResponse) {
        answered(response())
        respond("ok") { data in
            data["finish_reason"] = finish?.reason.map { .string($0) } ?? .null
            data["continuation_count"] = finish?.metadata["vllm:continuation_count"]
            if let degradation = finish?.degradation { data["degradation"] = degradation.json }
        }
    }

    /// The call failed, or was cancelled.
    func failed(_ error: ProviderError) {
        let message = redactor.redact(error.message)
        // An answer that came to its end and is wrong in itself was not broken off.
        if streams, !kinds.isEmpty, finish == nil, sink.wants(EventName.llmStreamAborted) {
            var data = base
            data["error"] = ["type": .string(error.code.className), "msg": .string(message)]
            sink.emit(EventName.llmStreamAborted, data)
        }
        broke(error)
        respond(error.code == .cancelled ? "cancelled" : "error") { data in
            data["error_type"] = .string(error.code.className)
            data["retryable"] = .bool(error.isRetryable)
            data["status_code"] = error.status.map { .integer($0) }
            if error.code != .cancelled { data["error"] = .string(message) }
        }
    }

    private func respond(_ status: String, _ add: (inout JSONObject) -> Void) {
        guard sink.wants(EventName.llmResponse) else { return }
        var data = base
        data["status"] = .string(status)
        data["duration_ms"] = .integer(milliseconds(until: clock.now))
        data["time_to_first_token_ms"] = firstToken.map { .integer(milliseconds(until: $0)) }
        if retryCount > 0 { data["retry_count"] = .integer(retryCount) }
        if let usage {
            var counts = usage.json.object ?? [:]
            counts["cost_usd"] = usage.costUSD.map { .string($0) } ?? .null
            data["usage"] = .object(counts)
        }
        add(&data)
        sink.emit(EventName.llmResponse, data)
    }

    private mutating func blockStarted(_ block: BlockStart) {
        if firstToken == nil { firstToken = clock.now }
        kinds.append(block.kind.name)
        sequences.append(0)
        guard streams, sink.wants(EventName.llmStreamBlockStart) else { return }
        var data = base
        data["block_index"] = .integer(block.index)
        data["block_type"] = .string(block.kind.name)
        if case .toolCall(_, let name) = block.kind { data["name"] = .string(name) }
        sink.emit(EventName.llmStreamBlockStart, data)
    }

    private mutating func blockDelta(_ index: Int, _ text: String) {
        var data = base
        data["block_index"] = .integer(index)
        data["block_type"] = .string(kinds[index])
        data["sequence"] = .integer(sequences[index])
        data["text"] = .string(redactor.redact(text))
        sequences[index] += 1
        sink.emit(EventName.llmStreamBlockDelta, data)
    }

    private func emitBlock(_ name: String, _ index: Int) {
        guard streams, sink.wants(name) else { return }
        var data = base
        data["block_index"] = .integer(index)
        data["block_type"] = .string(kinds[index])
        sink.emit(name, data)
    }

    /// What all events of the call have.
    var base: JSONObject {
        var data: JSONObject = ["provider": .string(settings.providerName)]
        data["instance_id"] = instanceID.map { .string($0) }
        data["model"] = model.map { .string($0) }
        data["request_id"] = .string(requestID)
        return data
    }

    private func milliseconds(until instant: ContinuousClock.Instant) -> Int {
        Int((instant - start) / .milliseconds(1))
    }
}

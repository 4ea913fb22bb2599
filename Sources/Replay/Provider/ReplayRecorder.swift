import JSON
import ProviderKit

/// Tells the session of an answer that is replayed, in the events that any provider emits.
struct ReplayRecorder {
    private let request: ChatRequest
    private let sink: any EventSink
    private let base: JSONObject
    private let streams: Bool
    private let start = ContinuousClock.now
    private var firstToken: ContinuousClock.Instant?
    private var kinds: [String] = []
    private var sequences: [Int] = []
    private var usage: Usage?
    private var finishReason: String?
    private var isFinished = false

    init(_ request: ChatRequest, model: String?, requestID: String, context: ProviderContext) {
        self.request = request
        sink = context.events
        streams = request.stream ?? (request.metadata?["stream"] != .bool(false))
        var base: JSONObject = ["provider": "replay"]
        base["instance_id"] = context.instanceID.map { .string($0) }
        base["model"] = model.map { .string($0) }
        base["request_id"] = .string(requestID)
        self.base = base
    }

    /// The call begins.
    func begin() {
        emit(EventName.llmRequest) { data in
            data["endpoint"] = "replay"
            data["message_count"] = .integer(request.messages.count)
            data["has_instructions"] = .bool(request.messages.contains { $0.role == .system || $0.role == .developer })
            data["tool_count"] = .integer(request.tools?.count ?? 0)
            data["stream"] = .bool(streams)
        }
    }

    /// Steps of the answer.
    mutating func record(_ events: [ProviderEvent]) {
        for event in events {
            switch event {
            case .blockStarted(let block):
                firstToken = firstToken ?? .now
                kinds.append(block.kind.name)
                sequences.append(0)
                guard streams else { continue }
                emit(EventName.llmStreamBlockStart) { data in
                    describe(block.index, in: &data)
                    if case .toolCall(_, let name) = block.kind { data["name"] = .string(name) }
                }
            case .blockDelta(let index, let text) where streams && kinds[index] != "tool_use":
                emit(EventName.llmStreamBlockDelta) { data in
                    describe(index, in: &data)
                    data["sequence"] = .integer(sequences[index])
                    data["text"] = .string(text)
                }
                sequences[index] += 1
            case .blockEnded(let index, _) where streams:
                emit(EventName.llmStreamBlockEnd) { describe(index, in: &$0) }
            case .usage(let usage): self.usage = usage
            case .finished(let finish): (finishReason, isFinished) = (finish.reason, true)
            default: break
            }
        }
    }

    /// The call is done.
    func completed() {
        respond("ok") { $0["finish_reason"] = finishReason.map { .string($0) } ?? .null }
    }

    /// The call failed, or was cancelled.
    func failed(_ error: ProviderError) {
        if streams, !kinds.isEmpty, !isFinished {
            emit(EventName.llmStreamAborted) { data in
                data["error"] = ["type": .string(error.code.className), "msg": .string(error.message)]
            }
        }
        let isCancelled = error.code == .cancelled
        respond(isCancelled ? "cancelled" : "error") { data in
            data["error_type"] = .string(error.code.className)
            data["retryable"] = .bool(error.isRetryable)
            data["status_code"] = error.status.map { .integer($0) }
            if !isCancelled { data["error"] = .string(error.message) }
        }
    }

    private func respond(_ status: String, _ add: (inout JSONObject) -> Void) {
        emit(EventName.llmResponse) { data in
            data["status"] = .string(status)
            data["duration_ms"] = .integer(Self.milliseconds(ContinuousClock.now - start))
            data["time_to_first_token_ms"] = firstToken.map { .integer(Self.milliseconds($0 - start)) }
            data["usage"] = usage?.json
            add(&data)
        }
    }

    private func describe(_ index: Int, in data: inout JSONObject) {
        data["block_index"] = .integer(index)
        data["block_type"] = .string(kinds[index])
    }

    private func emit(_ name: String, _ add: (inout JSONObject) -> Void) {
        guard sink.wants(name) else { return }
        var data = base
        add(&data)
        sink.emit(name, data)
    }

    private static func milliseconds(_ duration: Duration) -> Int { Int(duration / .milliseconds(1)) }
}

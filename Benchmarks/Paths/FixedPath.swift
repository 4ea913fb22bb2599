import VLLMClient

/// A part of the way from a server's bytes to a host, or back, whose cost has a threshold in `Benchmarks/Thresholds/paths.json`.
enum FixedPath: String, CaseIterable {
    /// Bytes to server-sent events, 64 at a time and one at a time.
    case sse
    case sseEach = "sse-each"
    /// Bytes to the client's chunks, 64 at a time, one at a time as vLLM sends them, and with five log-probabilities a token.
    case chunk
    case chunkEach = "chunk-each"
    case chunkLogprobs = "chunk-logprobs"
    /// Bytes to the provider's events, as for the client; a tool call's arguments; and of `/v1/completions`.
    case assemble
    case assembleEach = "assemble-each"
    case assembleLogprobs = "assemble-logprobs"
    case assembleToolCall = "assemble-tool-call"
    case completions
    /// A provider's events through a session of the host, which logs.
    case session
    /// Bytes to the events of a session of the host, which logs.
    case whole
    /// Events to the JSON that plugins hand over, and back.
    case batch
    case batchLogprobs = "batch-logprobs"
    /// The client's call with a conversation of 50 messages, and the provider's: request, answer in one piece, events.
    case request
    case call
    /// Answers of 16 vectors of 1,024 numbers, in base64 and as JSON's numbers.
    case embeddings
    case embeddingsFloat = "embeddings-float"
    /// Events of about 400 bytes into a log, and out of it.
    case log
    case logRead = "log-read"
    /// A mount plan in YAML, loaded and checked.
    case plan

    /// What is counted.
    var unit: String {
        switch self {
        case .sse, .sseEach: "event"
        case .log, .logRead: "record"
        case .request, .call: "call"
        case .plan: "plan"
        case .embeddings, .embeddingsFloat: "vector"
        default: "token"
        }
    }

    /// Does the work for `count` units.
    func run(_ count: Int) async throws {
        switch self {
        case .sse: try Self.decodeEvents(ServerBytes(.text, count))
        case .sseEach: try Self.decodeEvents(ServerBytes(.text, count, perBatch: 1))
        case .chunk: try await Self.readChunks(ServerBytes(.text, count))
        case .chunkEach: try await Self.readChunks(ServerBytes(.text, count, perBatch: 1))
        case .chunkLogprobs: try await Self.readChunks(ServerBytes(.logprobs, count))
        case .assemble: try await Self.assemble(ServerBytes(.text, count))
        case .assembleEach: try await Self.assemble(ServerBytes(.text, count, perBatch: 1))
        case .assembleLogprobs: try await Self.assemble(ServerBytes(.logprobs, count))
        case .assembleToolCall: try await Self.assemble(ServerBytes(.toolCall, count))
        case .completions: try await Self.assemble(ServerBytes(.completion, count))
        case .session: try await Self.passThroughSession(count)
        case .whole: try await Self.streamThroughSession(ServerBytes(.text, count))
        case .batch: try Self.handOver(EventBatch.deltas, count)
        case .batchLogprobs: try Self.handOver(EventBatch.logprobs, count)
        case .request: try await Self.askClient(count)
        case .call: try await Self.askProvider(count)
        case .embeddings: try await Self.embed(count, .base64)
        case .embeddingsFloat: try await Self.embed(count, .float)
        case .log: try Self.writeLog(count)
        case .logRead: try Self.readLog(count)
        case .plan: try Self.loadPlans(count)
        }
    }
}

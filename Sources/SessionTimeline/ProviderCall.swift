public import JSON
public import ProviderKit
public import Timestamps

/// One call of a provider, put together from the records with its `request_id`: asked once, whatever number of attempts it took.
public struct ProviderCall: Sendable {
    /// How a call ended.
    public enum Status: String, Sendable, Hashable {
        case ok
        case error
        case cancelled
        /// The log ends before the call does, or its end was not logged.
        case unfinished
    }

    /// An attempt behind the first one (`provider:retry`).
    public struct Retry: Sendable, Hashable {
        public var time: LogTimestamp?
        /// Which retry it is, from 1.
        public var attempt: Int
        /// How long it waited, in seconds.
        public var delay: Double?
        public var errorType: String?
        public var errorMessage: String?
        /// The HTTP status of the attempt before.
        public var statusCode: Int?

        public init(attempt: Int) {
            self.attempt = attempt
        }
    }

    /// Why a call failed.
    public struct Failure: Sendable, Hashable {
        /// The error's class in Amplifier's words, such as `RateLimitError`.
        public var type: String?
        public var message: String
        /// The HTTP status.
        public var statusCode: Int?

        public init(type: String? = nil, message: String, statusCode: Int? = nil) {
            self.type = type
            self.message = message
            self.statusCode = statusCode
        }
    }

    /// A block as it streamed (`llm:stream_block_*`).
    public struct StreamedBlock: Sendable, Hashable {
        public var index: Int
        /// `text`, `thinking` or `tool_use`.
        public var type: String
        public var start: LogTimestamp?
        public var end: LogTimestamp?
        /// When its pieces came, where the log has them (`llm:stream_block_delta`).
        public var deltas: [LogTimestamp] = []

        public init(index: Int, type: String) {
            self.index = index
            self.type = type
        }
    }

    /// The id that all of its records bear; `nil` in logs that give none.
    public var requestID: String?
    public var sessionID: String?
    /// The provider's name in its events, such as `vllm`.
    public var provider: String?
    public var instanceID: String?
    public var model: String?
    /// `completions` or `chat`.
    public var endpoint: String?
    public var isStreamed: Bool?
    public var messageCount: Int?
    public var toolCount: Int?
    /// Which question of its prompt it is, from 0 (`provider:request`).
    public var iteration: Int?
    /// The first and the last record of it.
    public var start: LogTimestamp?
    public var end: LogTimestamp?
    public var status: Status = .unfinished
    /// As the provider says (`duration_ms`), else from the first record to the last.
    public var duration: Duration?
    public var timeToFirstToken: Duration?
    public var usage: Usage?
    public var finishReason: String?
    public var retries: [Retry] = []
    public var failure: Failure?
    public var streamedBlocks: [StreamedBlock] = []
    /// What was answered, as the loop told it (`content_block:end`): `{"type":"text","text":…}`, `thinking`, `tool_call`.
    public var blocks: [JSONObject] = []
    /// The answer whole, with log-probabilities, where the log has it (`llm:response:raw`, else `llm:response:debug`).
    public var response: JSONValue?
    /// The host's question whole, where the log has it (`llm:call:raw`).
    public var request: JSONValue?
    /// The settings in force for it, under the keys of the provider's configuration (`llm:call:raw`).
    public var options: JSONObject?
    /// The exchanges with the server, where the log has them (`llm:exchange:raw`): the `data.data` of each.
    public var exchanges: [JSONObject] = []
    /// The lines of its records in the log.
    public var lines: [Int] = []

    public init(requestID: String?) {
        self.requestID = requestID
    }
}

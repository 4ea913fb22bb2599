public import JSON
public import ProviderKit
public import Timestamps

/// One call of a provider, put together from the records with its `request_id`: asked once, whatever number of attempts it took.
public struct ProviderCall: Sendable {
    /// How a call ended.
    public enum Status: String, Sendable, Hashable {
        /// It was answered.
        case ok
        /// It failed.
        case error
        /// Nobody wanted the answer any more.
        case cancelled
        /// The log ends before the call does, or its end was not logged.
        case unfinished
    }

    /// An attempt behind the first one (`provider:retry`).
    public struct Retry: Sendable, Hashable {
        /// When it was told.
        public var time: LogTimestamp?
        /// Which retry it is, from 1.
        public var attempt: Int
        /// How long it waited, in seconds.
        public var delay: Double?
        /// The error's class in Amplifier's words.
        public var errorType: String?
        /// What had gone wrong.
        public var errorMessage: String?
        /// The HTTP status of the attempt before.
        public var statusCode: Int?

        /// A retry.
        public init(attempt: Int) {
            self.attempt = attempt
        }
    }

    /// Why a call failed.
    public struct Failure: Sendable, Hashable {
        /// The error's class in Amplifier's words, such as `RateLimitError`.
        public var type: String?
        /// What went wrong.
        public var message: String
        /// The HTTP status.
        public var statusCode: Int?

        /// A failure.
        public init(type: String? = nil, message: String, statusCode: Int? = nil) {
            self.type = type
            self.message = message
            self.statusCode = statusCode
        }
    }

    /// A block as it streamed (`llm:stream_block_*`).
    public struct StreamedBlock: Sendable, Hashable {
        /// The block's number in the answer, from 0.
        public var index: Int
        /// `text`, `thinking` or `tool_use`.
        public var type: String
        /// When it began.
        public var start: LogTimestamp?
        /// When it ended.
        public var end: LogTimestamp?
        /// When its pieces came, where the log has them (`llm:stream_block_delta`).
        public var deltas: [LogTimestamp] = []

        /// A block of which nothing else is known yet.
        public init(index: Int, type: String) {
            self.index = index
            self.type = type
        }
    }

    /// The id that all of its records bear; `nil` in logs that give none.
    public var requestID: String?
    /// The session that it belongs to.
    public var sessionID: String?
    /// The provider's name in its events, such as `vllm`.
    public var provider: String?
    /// The provider's instance in its session's mount plan.
    public var instanceID: String?
    /// The model that was asked.
    public var model: String?
    /// `completions` or `chat`.
    public var endpoint: String?
    /// Whether the answer was streamed from the server.
    public var isStreamed: Bool?
    /// How many messages it was asked with.
    public var messageCount: Int?
    /// How many tools were on offer.
    public var toolCount: Int?
    /// Which question of its prompt it is, from 0 (`provider:request`).
    public var iteration: Int?
    /// When it began: the time of its first record.
    public var start: LogTimestamp?
    /// When it ended: the time of its `llm:response`, else of what the loop told of its end.
    public var end: LogTimestamp?
    /// How it ended.
    public var status: Status = .unfinished
    /// As the provider says (`duration_ms`), else from its request to its end.
    public var duration: Duration?
    /// From its beginning to the first token of the answer.
    public var timeToFirstToken: Duration?
    /// The tokens that it took, and what they cost.
    public var usage: Usage?
    /// Why the answer ended: `stop`, `length`, `tool_calls`, …
    public var finishReason: String?
    /// The attempts behind the first one.
    public var retries: [Retry] = []
    /// Why it failed.
    public var failure: Failure?
    /// The blocks of the answer as they streamed.
    public var streamedBlocks: [StreamedBlock] = []
    /// When the pieces of a streamed answer came, since its last request began, where the log has its exchanges (`llm:exchange:raw`).
    public var chunkTimes: [Duration] = []
    /// What was answered, as the loop told it (`content_block:end`): `{"type":"text","text":…}`, `thinking`, `tool_call`.
    public var blocks: [JSONObject] = []
    /// The answer whole, with log-probabilities, where the log has it (`llm:response:raw`).
    public var response: JSONValue?
    /// The answer with its texts cut (`llm:response:debug`): something to look at, and no answer to compare or to give again.
    public var debugResponse: JSONValue?
    /// The error whole, with what had arrived of the answer, where the log has it (`llm:response:raw`): the JSON of a `ProviderError`.
    public var error: JSONValue?
    /// The host's question whole, where the log has it (`llm:call:raw`).
    public var request: JSONValue?
    /// The settings in force for it, under the keys of the provider's configuration (`llm:call:raw`).
    public var options: JSONObject?
    /// The exchanges with the server, where the log has them (`llm:exchange:raw`): the `data.data` of each.
    public var exchanges: [JSONObject] = []
    /// The lines of its records in the log.
    public var lines: [Int] = []

    /// A call of which nothing else is known yet.
    public init(requestID: String?) {
        self.requestID = requestID
    }
}

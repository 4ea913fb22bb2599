public import JSON

/// A step of an answer as it arrives.
///
/// The order: `started`; then blocks, each with a start, deltas and an end, numbered from 0 over all kinds and all choices;
/// then log-probabilities (they may also come between the blocks), usage, and `finished` as the last.
public enum ProviderEvent: Sendable, Hashable {
    /// The server has begun to answer.
    case started(ResponseStart)
    /// A block begins.
    case blockStarted(BlockStart)
    /// A block goes on: text or reasoning for the reader, or a piece of a tool call's arguments as JSON text. Never empty.
    ///
    /// A delta is the text that has come since the last one, and no unit of the model: tokens that arrive at once are one delta.
    case blockDelta(index: Int, text: String)
    /// A block is complete.
    case blockEnded(index: Int, block: ContentBlock)
    /// Tokens with their log-probabilities.
    case logprobs([TokenLogprob])
    /// What the server tells of the prompt's tokens.
    case promptTokens(PromptTokens)
    /// The ids of more tokens of a choice.
    case tokenIDs(choice: Int, ids: [Int])
    /// What the call took.
    case usage(Usage)
    /// The answer is complete.
    case finished(ResponseFinish)
}

/// What a server says of an answer when it begins.
public struct ResponseStart: Sendable, Hashable {
    /// The server's id of the answer.
    public var id: String?
    /// The model that answers.
    public var model: String

    /// The beginning of an answer.
    public init(id: String?, model: String) {
        self.id = id
        self.model = model
    }
}

/// The beginning of a block.
public struct BlockStart: Sendable, Hashable {
    /// The block's number in the answer, from 0.
    public var index: Int
    /// What kind of block it is.
    public var kind: Kind
    /// The choice that it belongs to, from 0.
    public var choice: Int

    /// Choices have numbers below this one (vLLM takes an `n` of at most 16384, `VLLM_MAX_N_SEQUENCES`).
    public static let choiceLimit = 65536

    /// What kind of block it is.
    public enum Kind: Sendable, Hashable {
        /// Text for the reader.
        case text
        /// Reasoning.
        case thinking
        /// A call of a tool.
        case toolCall(id: String, name: String)

        /// The kind's name in `llm:stream_block_*` events: `text`, `thinking` or `tool_use`.
        public var name: String {
            switch self {
            case .text: "text"
            case .thinking: "thinking"
            case .toolCall: "tool_use"
            }
        }
    }

    /// The beginning of a block.
    public init(index: Int, kind: Kind, choice: Int = 0) {
        self.index = index
        self.kind = kind
        self.choice = choice
    }
}

/// What a server tells of the prompt's tokens, where it was asked to.
public struct PromptTokens: Sendable, Hashable {
    /// Their ids.
    public var ids: [Int]?
    /// Their log-probabilities; `nil` for the first one, which nothing comes before.
    public var logprobs: [TokenLogprob?]?

    /// The prompt's tokens.
    public init(ids: [Int]? = nil, logprobs: [TokenLogprob?]? = nil) {
        self.ids = ids
        self.logprobs = logprobs
    }
}

/// The end of an answer.
public struct ResponseFinish: Sendable, Hashable {
    /// Why it ended, in the words of `ChatResponse.finishReason`; `nil` where the server did not say.
    public var reason: String?
    /// What could not be done as asked.
    public var degradation: Degradation?
    /// What else the provider tells, such as the server's own finish reason.
    public var metadata: JSONObject

    /// The end of an answer.
    public init(reason: String?, degradation: Degradation? = nil, metadata: JSONObject = [:]) {
        self.reason = reason
        self.degradation = degradation
        self.metadata = metadata
    }
}

public import JSON

/// A provider's answer. The JSON shape is Amplifier's `ChatResponse`, with `logprobs`, `prompt_logprobs`, `prompt_token_ids` and
/// `token_ids` beside it where they were asked for.
public struct ChatResponse: ContractCodable {
    /// The answer's blocks in the server's order; never empty: an answer without content is one empty text block, since
    /// Amplifier's loops ask again for ever when there is none.
    public var content: [ContentBlock]
    /// The calls among the first answer's blocks, in their order: those of other choices are not to be run.
    public var toolCalls: [ToolCall]?
    /// What the call took.
    public var usage: Usage?
    /// What could not be done as asked.
    public var degradation: Degradation?
    /// Why the answer ended: `stop`, `length`, `tool_calls`, `content_filter`, `abort` (the server gave up on it), `repetition`; another
    /// server's word as it is.
    public var finishReason: String?
    /// What else the provider tells; Amplifier's loops keep it with the assistant's message.
    public var metadata: JSONObject?
    /// The answer's tokens with their log-probabilities, where they were asked for.
    public var logprobs: [TokenLogprob]?
    /// The prompt's tokens with their log-probabilities; `nil` for the first one, which nothing comes before.
    public var promptLogprobs: [TokenLogprob?]?
    /// The prompt's token ids.
    public var promptTokenIDs: [Int]?
    /// The answers' token ids, a list for each choice in order (JSON: `token_ids`); an empty list for a choice that the server told none of.
    public var tokenIDs: [[Int]]?
    /// Members that this type does not know.
    public var additional: JSONObject

    /// An answer.
    public init(
        content: [ContentBlock], usage: Usage? = nil, finishReason: String? = nil, metadata: JSONObject? = nil,
        logprobs: [TokenLogprob]? = nil, additional: JSONObject = [:]
    ) {
        self.content = content.isEmpty ? [.text(TextBlock(""))] : content
        let calls = content.filter { $0.choice == 0 }.compactMap(\.toolCall)
        toolCalls = calls.isEmpty ? nil : calls
        self.usage = usage
        self.finishReason = finishReason
        self.metadata = metadata
        self.logprobs = logprobs
        self.additional = additional
    }

    /// Reads an answer.
    public init(json: JSONValue) throws(ContractError) {
        var members = try MemberReader(json)
        content = try members.required("content") { json throws(ContractError) in
            try MemberReader.list(json, ContentBlock.init(json:))
        }
        toolCalls = try members.optionalList("tool_calls", ToolCall.init(json:))
        usage = try members.optional("usage", Usage.init(json:))
        degradation = try members.optional("degradation", Degradation.init(json:))
        finishReason = try members.optional("finish_reason", MemberReader.string)
        metadata = try members.optional("metadata", MemberReader.object)
        logprobs = try members.optionalList("logprobs", TokenLogprob.init(json:))
        promptLogprobs = try members.optionalList("prompt_logprobs") { json throws(ContractError) in
            json.isNull ? nil : try TokenLogprob(json: json)
        }
        promptTokenIDs = try members.optionalList("prompt_token_ids", MemberReader.int)
        tokenIDs = try members.optionalList("token_ids") { json throws(ContractError) in
            try MemberReader.list(json, MemberReader.int)
        }
        additional = members.rest
    }

    /// The answer as JSON.
    public var json: JSONValue {
        var object: JSONObject = ["content": .array(content.map(\.json))]
        object.set("tool_calls", toolCalls)
        object.set("usage", usage)
        object.set("degradation", degradation)
        object.set("finish_reason", finishReason)
        object.set("metadata", metadata)
        object.set("logprobs", logprobs)
        if let promptLogprobs { object["prompt_logprobs"] = .array(promptLogprobs.map { $0?.json ?? .null }) }
        object.set("prompt_token_ids", promptTokenIDs)
        if let tokenIDs { object["token_ids"] = .array(tokenIDs.map { .array($0.map { .integer($0) }) }) }
        object.merge(additional)
        return .object(object)
    }

    /// The answer's text: its text blocks joined; the first one's, where there are several answers.
    public var text: String { text(choice: 0) }

    /// The answer's reasoning: its thinking blocks joined; the first one's, where there are several answers.
    public var thinking: String { content.filter { $0.choice == 0 }.compactMap(\.thinking).joined() }

    /// The text of one of several answers.
    public func text(choice: Int) -> String { content.filter { $0.choice == choice }.compactMap(\.text).joined() }

    /// How many answers there are: more than one where the request asked for it (`n`).
    public var choiceCount: Int { (content.map(\.choice).max() ?? 0) + 1 }
}

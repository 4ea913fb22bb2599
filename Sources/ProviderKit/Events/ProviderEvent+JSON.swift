public import JSON

extension ProviderEvent {
    /// The event as plugins hand it over (`provider_plugin.h`, PROVIDER_STEP_EVENTS): `type` first, members without a value left out.
    public var json: JSONValue {
        var object: JSONObject = ["type": .string(typeName)]
        switch self {
        case .started(let start):
            object.set("id", start.id)
            object.set("model", start.model)
        case .blockStarted(let start): object.merge(start.members)
        case .blockDelta(let index, let text):
            object.set("index", index)
            object.set("text", text)
        case .blockEnded(let index, let block):
            object.set("index", index)
            object.set("block", block)
        case .logprobs(let tokens): object.set("tokens", tokens)
        case .promptTokens(let tokens):
            object.set("ids", tokens.ids)
            if let logprobs = tokens.logprobs { object["logprobs"] = .array(logprobs.map { $0?.json ?? .null }) }
        case .tokenIDs(let choice, let ids):
            object.set("choice", choice)
            object.set("ids", ids)
        case .usage(let usage): object.set("usage", usage)
        case .finished(let finish):
            object.set("reason", finish.reason)
            object.set("degradation", finish.degradation)
            if !finish.metadata.isEmpty { object.set("metadata", finish.metadata) }
        }
        return .object(object)
    }

    private var typeName: String {
        switch self {
        case .started: "started"
        case .blockStarted: "block_start"
        case .blockDelta: "block_delta"
        case .blockEnded: "block_end"
        case .logprobs: "logprobs"
        case .promptTokens: "prompt_tokens"
        case .tokenIDs: "token_ids"
        case .usage: "usage"
        case .finished: "finish"
        }
    }

    /// Reads an event; `nil` where its `type` is one that this version does not know, as a newer plugin may send.
    /// - Throws: `ContractError` naming the member that is wrong.
    public init?(json: JSONValue) throws(ContractError) {
        var members = try MemberReader(json)
        switch try members.required("type", MemberReader.string) {
        case "started":
            self = .started(
                ResponseStart(
                    id: try members.optional("id", MemberReader.string), model: try members.required("model", MemberReader.string)))
        case "block_start": self = .blockStarted(try BlockStart(&members))
        case "block_delta":
            self = .blockDelta(
                index: try members.required("index", MemberReader.int), text: try members.required("text", MemberReader.string))
        case "block_end":
            self = .blockEnded(
                index: try members.required("index", MemberReader.int), block: try members.required("block", ContentBlock.init(json:)))
        case "logprobs": self = .logprobs(try members.optionalList("tokens", TokenLogprob.init(json:)) ?? [])
        case "prompt_tokens":
            let ids = try members.optionalList("ids", MemberReader.int)
            let logprobs = try members.optionalList("logprobs") { json throws(ContractError) in
                json.isNull ? nil : try TokenLogprob(json: json)
            }
            self = .promptTokens(PromptTokens(ids: ids, logprobs: logprobs))
        case "token_ids":
            self = .tokenIDs(
                choice: try members.optional("choice", MemberReader.choice) ?? 0,
                ids: try members.optionalList("ids", MemberReader.int) ?? [])
        case "usage": self = .usage(try members.required("usage", Usage.init(json:)))
        case "finish":
            self = .finished(
                ResponseFinish(
                    reason: try members.optional("reason", MemberReader.string),
                    degradation: try members.optional("degradation", Degradation.init(json:)),
                    metadata: try members.optional("metadata", MemberReader.object) ?? [:]))
        default: return nil
        }
    }
}

extension BlockStart {
    fileprivate var members: JSONObject {
        var object: JSONObject = ["index": .integer(index), "block_type": .string(kind.name)]
        if case .toolCall(let id, let name) = kind {
            object.set("id", id)
            object.set("name", name)
        }
        if choice != 0 { object.set("choice", choice) }
        return object
    }

    fileprivate init(_ members: inout MemberReader) throws(ContractError) {
        self.init(
            index: try members.required("index", MemberReader.int), kind: try Kind(&members),
            choice: try members.optional("choice", MemberReader.choice) ?? 0)
    }
}

extension BlockStart.Kind {
    fileprivate init(_ members: inout MemberReader) throws(ContractError) {
        switch try members.required("block_type", MemberReader.string) {
        case "text": self = .text
        case "thinking": self = .thinking
        case "tool_use":
            self = .toolCall(id: try members.required("id", MemberReader.string), name: try members.required("name", MemberReader.string))
        case let other:
            throw ContractError(path: "block_type", message: "expected text, thinking or tool_use, found \(JSONValue.string(other))")
        }
    }
}

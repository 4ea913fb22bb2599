import JSON
import VLLMClient

extension AnswerPart {
    /// A chunk of a chat, where it stands among others.
    init(_ chunks: borrowing Span<ChatCompletionChunk>, at index: Int) {
        let told = chunks[index].choices.span
        var fields = chunks[index].additional
        // `case .some` looks and copies nothing: of most chunks there is none of it.
        if case .some = chunks[index].systemFingerprint { fields.set("system_fingerprint", chunks[index].systemFingerprint) }
        if case .some = chunks[index].promptText { fields.set("prompt_text", chunks[index].promptText) }
        if case .some = chunks[index].metrics { fields.set("metrics", chunks[index].metrics) }
        self.init(
            id: chunks[index].id, model: chunks[index].model, created: chunks[index].created,
            choices: told.count == 1 ? [Choice(told, at: 0)] : told.indices.map { Choice(told, at: $0) }, usage: chunks[index].usage,
            promptTokenIDs: chunks[index].promptTokenIDs, fields: fields)
    }

    init(_ answer: ChatCompletion) {
        self.init(
            id: answer.id, model: answer.model, created: answer.created,
            choices: answer.choices.map { choice in
                Choice(
                    index: choice.index, thinking: choice.message.reasoning, text: choice.message.content,
                    toolCalls: choice.message.toolCalls.enumerated().map {
                        ToolCall(index: $0, id: $1.id, name: $1.name, arguments: $1.arguments)
                    } + (choice.message.toolCalls.isEmpty ? ToolCall.list(of: choice.message.functionCall) : []),
                    logprobs: choice.logprobs, finishReason: choice.finishReason, stopReason: choice.stopReason,
                    tokenIDs: choice.tokenIDs, fields: Self.fields(of: choice))
            },
            usage: answer.usage, promptTokenIDs: answer.promptTokenIDs, promptLogprobs: answer.promptLogprobs, fields: answer.additional)
        fields.set("service_tier", answer.serviceTier)
        fields.set("system_fingerprint", answer.systemFingerprint)
        fields.set("prompt_text", answer.promptText)
        fields.set("kv_transfer_params", answer.kvTransferParams)
        fields.set("ec_transfer_params", answer.ecTransferParams)
        fields.set("metrics", answer.metrics)
    }

    /// A chunk of a completion, where it stands among others.
    init(_ chunks: borrowing Span<CompletionChunk>, at index: Int) {
        let told = chunks[index].choices.span
        var fields = chunks[index].additional
        if case .some = chunks[index].systemFingerprint { fields.set("system_fingerprint", chunks[index].systemFingerprint) }
        if case .some = chunks[index].metrics { fields.set("metrics", chunks[index].metrics) }
        self.init(
            id: chunks[index].id, model: chunks[index].model, created: chunks[index].created,
            choices: told.count == 1 ? [Choice(told, at: 0)] : told.indices.map { Choice(told, at: $0) }, usage: chunks[index].usage,
            fields: fields)
    }

    init(_ answer: Completion) {
        self.init(
            id: answer.id, model: answer.model, created: answer.created,
            choices: answer.choices.map { choice in
                var fields = choice.additional
                fields.set("routed_experts", choice.routedExperts)
                return Choice(
                    index: choice.index, text: choice.text, logprobs: choice.logprobs, finishReason: choice.finishReason,
                    stopReason: choice.stopReason, tokenIDs: choice.tokenIDs, promptTokenIDs: choice.promptTokenIDs,
                    promptLogprobs: choice.promptLogprobs, fields: fields)
            },
            usage: answer.usage, fields: answer.additional)
        fields.set("service_tier", answer.serviceTier)
        fields.set("system_fingerprint", answer.systemFingerprint)
        fields.set("kv_transfer_params", answer.kvTransferParams)
        fields.set("ec_transfer_params", answer.ecTransferParams)
        fields.set("metrics", answer.metrics)
    }

    private static func fields(of choice: ChatCompletion.Choice) -> JSONObject {
        var fields = choice.additional
        fields.merge(choice.message.additional)
        fields.setRole(choice.message.role)
        fields.set("refusal", choice.message.refusal)
        fields.set("annotations", choice.message.annotations)
        fields.set("audio", choice.message.audio)
        fields.set("routed_experts", choice.routedExperts)
        return fields
    }
}

extension AnswerPart.Choice {
    fileprivate init(_ choices: borrowing Span<ChatCompletionChunk.Choice>, at index: Int) {
        var calls: [AnswerPart.ToolCall] = []
        if !choices[index].delta.toolCalls.isEmpty {
            calls = choices[index].delta.toolCalls.map {
                AnswerPart.ToolCall(index: $0.index, id: $0.id, name: $0.name, arguments: $0.arguments)
            }
        }
        if case .some = choices[index].delta.functionCall { calls += AnswerPart.ToolCall.list(of: choices[index].delta.functionCall) }
        var fields = choices[index].additional
        if !choices[index].delta.additional.isEmpty { fields.merge(choices[index].delta.additional) }
        if case .some = choices[index].delta.role { fields.setRole(choices[index].delta.role) }
        self.init(
            index: choices[index].index, thinking: choices[index].delta.reasoning, text: choices[index].delta.content, toolCalls: calls,
            logprobs: choices[index].logprobs, finishReason: choices[index].finishReason, stopReason: choices[index].stopReason,
            tokenIDs: choices[index].tokenIDs, fields: fields)
    }

    fileprivate init(_ choices: borrowing Span<CompletionChunk.Choice>, at index: Int) {
        self.init(
            index: choices[index].index, text: choices[index].text, logprobs: choices[index].logprobs,
            finishReason: choices[index].finishReason, stopReason: choices[index].stopReason, tokenIDs: choices[index].tokenIDs,
            promptTokenIDs: choices[index].promptTokenIDs, fields: choices[index].additional)
    }
}

extension AnswerPart.ToolCall {
    /// The call that OpenAI's older API tells, if it does: the only one of its message.
    fileprivate static func list(of call: ChatCompletion.FunctionCall?) -> [AnswerPart.ToolCall] {
        guard let call else { return [] }
        return [AnswerPart.ToolCall(index: 0, id: nil, name: call.name, arguments: call.arguments)]
    }
}

extension JSONObject {
    fileprivate mutating func set(_ key: String, _ value: String?) { if let value { self[key] = .string(value) } }
    fileprivate mutating func set(_ key: String, _ value: JSONValue?) { if let value { self[key] = value } }

    /// Whose words an answer is goes without saying, unless it is another's: a turn that was continued may be the user's.
    fileprivate mutating func setRole(_ role: String?) { if role != "assistant" { set("role", role) } }
}

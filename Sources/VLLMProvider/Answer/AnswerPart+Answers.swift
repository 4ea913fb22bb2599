import JSON
import VLLMClient

extension AnswerPart {
    init(_ chunk: borrowing ChatCompletionChunk) {
        let told = chunk.choices.span
        self.init(
            id: chunk.id, model: chunk.model, created: chunk.created, choices: told.indices.map { Choice(told[$0]) }, usage: chunk.usage,
            promptTokenIDs: chunk.promptTokenIDs, fields: chunk.additional)
        fields.set("system_fingerprint", chunk.systemFingerprint)
        fields.set("prompt_text", chunk.promptText)
        fields.set("metrics", chunk.metrics)
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

    init(_ chunk: borrowing CompletionChunk) {
        let told = chunk.choices.span
        self.init(
            id: chunk.id, model: chunk.model, created: chunk.created, choices: told.indices.map { Choice(told[$0]) }, usage: chunk.usage,
            fields: chunk.additional)
        fields.set("system_fingerprint", chunk.systemFingerprint)
        fields.set("metrics", chunk.metrics)
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
    fileprivate init(_ choice: borrowing ChatCompletionChunk.Choice) {
        self.init(
            index: choice.index, thinking: choice.delta.reasoning, text: choice.delta.content, logprobs: choice.logprobs,
            finishReason: choice.finishReason, stopReason: choice.stopReason, tokenIDs: choice.tokenIDs, fields: choice.additional)
        if !choice.delta.toolCalls.isEmpty {
            toolCalls = choice.delta.toolCalls.map {
                AnswerPart.ToolCall(index: $0.index, id: $0.id, name: $0.name, arguments: $0.arguments)
            }
        }
        if case .some = choice.delta.functionCall { toolCalls += AnswerPart.ToolCall.list(of: choice.delta.functionCall) }
        if !choice.delta.additional.isEmpty { fields.merge(choice.delta.additional) }
        fields.setRole(choice.delta.role)
    }

    fileprivate init(_ choice: borrowing CompletionChunk.Choice) {
        self.init(
            index: choice.index, text: choice.text, logprobs: choice.logprobs, finishReason: choice.finishReason,
            stopReason: choice.stopReason, tokenIDs: choice.tokenIDs, promptTokenIDs: choice.promptTokenIDs, fields: choice.additional)
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

import JSON

extension ChatCompletion: DecodableResponse {
    init(_ node: JSONView, answer: AnswerText) throws(MalformedField) {
        guard let choices = try node.objects("choices", atMost: JSONView.choiceLimit, Choice.init) else {
            throw MalformedField(missing: "choices")
        }
        self.init(
            id: try node.string("id"), created: try node.int("created"), model: try node.string("model"), choices: choices,
            usage: try node.member("usage", CompletionUsage.init), systemFingerprint: try node.string("system_fingerprint"),
            serviceTier: try node.string("service_tier"), promptLogprobs: try PromptLogprobs(node, key: "prompt_logprobs"),
            promptTokenIDs: try node.ints("prompt_token_ids"), promptText: try node.string("prompt_text"),
            kvTransferParams: node.any("kv_transfer_params"), ecTransferParams: node.any("ec_transfer_params"),
            metrics: node.any("metrics"), additional: node.others(than: Self.known), answer: answer)
    }

    private static let known: [StaticString] = [
        "id", "object", "created", "model", "choices", "usage", "system_fingerprint", "service_tier", "prompt_logprobs",
        "prompt_token_ids", "prompt_text", "kv_transfer_params", "ec_transfer_params", "metrics",
    ]
}

extension ChatCompletion.Choice {
    init(_ node: JSONView) throws(MalformedField) {
        guard let message = try node.member("message", ChatCompletion.Message.init) else { throw MalformedField(missing: "message") }
        self.init(
            index: try node.int("index") ?? 0, message: message, logprobs: try node.member("logprobs", TokenLogprobs.init(chat:)),
            finishReason: try node.string("finish_reason"), stopReason: node.any("stop_reason"), tokenIDs: try node.ints("token_ids"),
            routedExperts: node.any("routed_experts"), additional: node.others(than: Self.known))
    }

    private static let known: [StaticString] = [
        "index", "message", "logprobs", "finish_reason", "stop_reason", "token_ids", "routed_experts",
    ]
}

extension ChatCompletion.Message {
    init(_ node: JSONView) throws(MalformedField) {
        self.init(
            role: try node.string("role"), content: try node.content(),
            reasoning: try node.reasoning(),
            toolCalls: try node.objects("tool_calls", atMost: JSONView.choiceLimit, ChatCompletion.ToolCall.init) ?? [],
            refusal: try node.string("refusal"),
            annotations: node.any("annotations"), audio: node.any("audio"),
            functionCall: try node.member("function_call", ChatCompletion.FunctionCall.init),
            additional: node.others(than: Self.known))
    }

    private static let known: [StaticString] = [
        "role", "content", "reasoning", "reasoning_content", "tool_calls", "refusal", "annotations", "audio", "function_call",
    ]
}

extension ChatCompletion.FunctionCall {
    init(_ node: JSONView) throws(MalformedField) {
        self.init(name: try node.string("name"), arguments: try node.arguments())
    }
}

extension ChatCompletion.ToolCall {
    init(_ node: JSONView) throws(MalformedField) {
        let function = try node.member("function") { function throws(MalformedField) in
            guard let name = try function.string("name") else { throw MalformedField(missing: "name") }
            return (name: name, arguments: try function.arguments() ?? "")
        }
        guard let function else { throw MalformedField(missing: "function") }
        self.init(id: try node.string("id"), type: try node.string("type"), name: function.name, arguments: function.arguments)
    }
}

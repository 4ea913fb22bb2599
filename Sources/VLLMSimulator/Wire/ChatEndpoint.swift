import JSON

/// `/v1/chat/completions`.
enum ChatEndpoint {
    /// The answer to a request.
    static func reply(to body: FieldReader, request: SimulatedRequest, options: VLLMSimulator.Options) throws(WireError) -> Reply {
        let request = try ChatRequest(body, request: request, options: options)
        if request.fields.streams { return .events(stream(request, options)) }
        try request.fields.checkLate()
        return answer(request, options)
    }

    private static func runs(_ request: ChatRequest) -> [ChoiceRun] {
        let prompt = request.promptText
        return (0..<request.fields.count).map { index in
            let output = TinyModel.answer(to: prompt, rules: request.fields.rules, demands: request.demands, choice: index)
            return ChoiceRun(index: index, output: output, fields: request.fields)
        }
    }

    private static func stream(_ request: ChatRequest, _ options: VLLMSimulator.Options) -> any PartSource {
        do {
            try request.fields.checkLate()
        } catch {
            return ListedParts(parts: EventStream.failure(error)[...])
        }
        return ChatStream(request, runs: runs(request), options: options)
    }

    private static func answer(_ request: ChatRequest, _ options: VLLMSimulator.Options) -> Reply {
        var runs = runs(request)
        var usage = Usage(prompt: request.promptTokens.count, completion: 0)
        var choices: [JSONValue] = []
        for index in runs.indices {
            choices.append(choice(&runs[index], request))
            usage.completion += runs[index].tokens.count
            if let reasoning = request.reasoningTokens(runs[index].tokens, options: options) {
                usage.reasoning = (usage.reasoning ?? 0) + reasoning
            }
        }
        var reply = Reply.json([
            "id": .string(request.id), "object": "chat.completion", "created": .integer(HTTPDate.seconds),
            "model": .string(options.models[0]),
            "choices": .array(choices), "service_tier": .null, "system_fingerprint": .string(options.fingerprint), "usage": usage.whole,
            "prompt_logprobs": promptLogprobs(request),
            "prompt_token_ids": request.fields.returnsTokenIDs ? .array(request.promptTokens.map { .integer($0) }) : .null,
            "prompt_text": request.returnsPromptText ? .string(request.prompt.text) : .null, "kv_transfer_params": .null,
            "ec_transfer_params": .null,
            "metrics": .null,
        ])
        reply.before = options.pauses(runs.map(\.tokens.count).max() ?? 0)
        return reply
    }

    private static func promptLogprobs(_ request: ChatRequest) -> JSONValue {
        let asked = request.fields.promptLogprobs ?? (request.fields.echoes ? request.fields.logprobs ?? 0 : nil)
        return asked.map { LogprobWriter.prompt(request.promptTokens, count: $0) } ?? .null
    }

    private static func choice(_ run: inout ChoiceRun, _ request: ChatRequest) -> JSONValue {
        let text = run.finishAll()
        let parsed = ChatText(text, request: request)
        var message: JSONObject = [
            "role": .string(request.prompt.role), "content": parsed.content.map { .string($0) } ?? .null, "refusal": .null,
            "annotations": .null,
            "audio": .null, "function_call": .null,
        ]
        if !parsed.calls.isEmpty { message["tool_calls"] = .array(parsed.calls) }
        message["reasoning"] = .null
        if request.includesReasoning, let reasoning = parsed.reasoning { message["reasoning"] = .string(reasoning) }
        if request.fields.echoes { message["content"] = .string(request.prompt.echo + (parsed.content ?? "")) }
        let tokens = run.tokens
        let shows = !request.hidesTokens
        return [
            "index": .integer(run.index), "message": .object(message), "logprobs": shows ? run.logprobs?.chat(tokens) ?? .null : .null,
            "finish_reason": .string(request.toolChoice.finishReason(run.finish, calls: !parsed.calls.isEmpty, isStreamed: false)),
            "stop_reason": run.finish?.stopReason ?? .null,
            "token_ids": request.fields.returnsTokenIDs && shows ? .array(tokens.map { .integer($0) }) : .null, "routed_experts": .null,
        ]
    }
}

extension VLLMSimulator.Options {
    /// `system_fingerprint`.
    var fingerprint: String { "vllm-\(version)-b7833c44" }

    /// The pauses before an answer of so many tokens.
    func pauses(_ count: Int) -> [SimulatedResponse.Part] {
        guard let tokenDelay, tokenDelay > .zero, count > 0 else { return [] }
        return [.pause(tokenDelay * count)]
    }
}

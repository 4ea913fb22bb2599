import JSON

/// `/v1/completions`.
enum CompletionEndpoint {
    /// The answer to a request.
    static func reply(to body: FieldReader, request: SimulatedRequest, options: VLLMSimulator.Options) throws(WireError) -> Reply {
        let request = try CompletionRequest(body, request: request, options: options)
        if request.fields.streams {
            do {
                try request.checkLate()
            } catch {
                return .events(ListedParts(parts: EventStream.failure(error)[...]))
            }
            return .events(CompletionStream(request, options: options))
        }
        try request.checkLate()
        return answer(request, options)
    }

    private static func answer(_ request: CompletionRequest, _ options: VLLMSimulator.Options) -> Reply {
        var runs = request.runs(options: options)
        var usage = Usage(prompt: request.prompts.map(\.count).reduce(0, +), completion: 0)
        var choices: [JSONValue] = []
        for index in runs.indices {
            choices.append(choice(&runs[index], request))
            usage.completion += runs[index].tokens.count
        }
        var reply = Reply.json([
            "id": .string(request.id), "object": "text_completion", "created": .integer(HTTPDate.seconds),
            "model": .string(options.models[0]),
            "choices": .array(choices), "service_tier": .null, "system_fingerprint": .string(options.fingerprint), "usage": usage.whole,
            "kv_transfer_params": .null, "ec_transfer_params": .null, "metrics": .null,
        ])
        reply.before = options.pauses(runs.map(\.tokens.count).max() ?? 0)
        return reply
    }

    private static func choice(_ run: inout ChoiceRun, _ request: CompletionRequest) -> JSONValue {
        let generated = run.finishAll()
        let prompt = request.prompt(of: run.index)
        let fields = request.fields
        let echoed = fields.echoes ? Tokenizer.tiny.decode(prompt) : ""
        let tokens = request.onlyEchoes ? [] : run.tokens
        let promptLogprobs = fields.promptLogprobs ?? (fields.echoes ? fields.logprobs : nil)
        return [
            "index": .integer(run.index), "text": .string(echoed + (request.onlyEchoes ? "" : generated)),
            "logprobs": run.logprobs?.completion(tokens, prompt: fields.echoes ? prompt : []) ?? .null,
            "finish_reason": .string(run.finish?.reason.rawValue ?? "stop"), "stop_reason": run.finish?.stopReason ?? .null,
            "token_ids": fields.returnsTokenIDs ? .array(tokens.map { .integer($0) }) : .null,
            "prompt_logprobs": promptLogprobs.map { LogprobWriter.prompt(prompt, count: $0) } ?? .null,
            "prompt_token_ids": fields.returnsTokenIDs ? .array(prompt.map { .integer($0) }) : .null, "routed_experts": .null,
        ]
    }
}

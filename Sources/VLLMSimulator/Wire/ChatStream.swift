import JSON

/// A chat completion as events, made as they are read.
struct ChatStream: PartSource {
    private let request: ChatRequest
    private let options: VLLMSimulator.Options
    private let created = HTTPDate.seconds
    private var runs: [ChoiceRun]
    private var parsers: [ChatDeltaParser]
    /// The tokens of each choice that came with text: the real server counts no others as reasoning when it streams.
    private var legible: [[Int]]
    private var ready: [SimulatedResponse.Part] = []
    private var isStarted = false
    private var isOver = false

    init(_ request: ChatRequest, runs: [ChoiceRun], options: VLLMSimulator.Options) {
        self.request = request
        self.runs = runs
        self.options = options
        let parser = ChatDeltaParser(isReasoning: request.parsesReasoning, parsesTools: request.toolChoice.parsesCalls)
        parsers = Array(repeating: parser, count: runs.count)
        legible = Array(repeating: [], count: runs.count)
    }

    mutating func next() -> SimulatedResponse.Part? {
        while ready.isEmpty, !isOver { advance() }
        return ready.isEmpty ? nil : ready.removeFirst()
    }

    /// One token of every choice that is not at its end.
    private mutating func advance() {
        guard runs.contains(where: { $0.finish == nil }) else { return end() }
        let before = runs.map(\.tokens.count).max() ?? 0
        var events: [SimulatedResponse.Part] = isStarted ? [] : start()
        isStarted = true
        for index in runs.indices {
            guard let step = runs[index].next() else { continue }
            if let event = event(step, index) { events.append(event) }
        }
        ready = options.pauses((runs.map(\.tokens.count).max() ?? 0) - before) + events
    }

    private func start() -> [SimulatedResponse.Part] {
        var parts: [SimulatedResponse.Part] = runs.map { run in
            let choice: JSONValue = [
                "index": .integer(run.index), "delta": ["role": .string(request.prompt.role), "content": ""], "logprobs": .null,
                "finish_reason": .null,
            ]
            var chunk = chunk([choice], usage: usage())
            chunk["prompt_token_ids"] = request.fields.returnsTokenIDs ? .array(request.promptTokens.map { .integer($0) }) : .null
            chunk["prompt_text"] = request.returnsPromptText ? .string(request.prompt.text) : .null
            return EventStream.event(.object(chunk))
        }
        if request.fields.echoes, !request.prompt.echo.isEmpty {
            parts += runs.map { run in
                let choice: JSONValue = [
                    "index": .integer(run.index), "delta": ["content": .string(request.prompt.echo)], "logprobs": .null,
                    "finish_reason": .null,
                ]
                return EventStream.event(.object(chunk([choice], usage: usage())))
            }
        }
        return parts
    }

    private mutating func event(_ step: Generation.Step, _ index: Int) -> SimulatedResponse.Part? {
        if !step.text.isEmpty { legible[index] += step.tokens }
        var delta = ChatDelta(content: step.text)
        if request.hasParser {
            delta = parsers[index].add(step.text, isLast: step.finish != nil)
            if !request.includesReasoning { delta.reasoning = nil }
        }
        let logprobs = request.hidesTokens ? nil : runs[index].logprobs?.chat(step.tokens)
        let showsTokens = request.fields.returnsTokenIDs && !request.hidesTokens
        guard !delta.isEmpty || step.finish != nil || logprobs != nil || showsTokens else { return nil }
        var choice: JSONObject = [
            "index": .integer(index), "delta": delta.json(hidesReasoning: !request.includesReasoning), "logprobs": logprobs ?? .null,
            "finish_reason": .null,
        ]
        if let finish = step.finish {
            choice["finish_reason"] = .string(request.toolChoice.finishReason(finish, calls: parsers[index].hasCalls, isStreamed: true))
            choice["stop_reason"] = finish.stopReason
        }
        choice["token_ids"] = showsTokens ? .array(step.tokens.map { .integer($0) }) : .null
        var chunk = chunk([.object(choice)], usage: usage(of: index))
        if !request.fields.includesUsage, step.finish != nil {
            chunk["system_fingerprint"] = .string(options.fingerprint)
        }
        return EventStream.event(.object(chunk))
    }

    private mutating func end() {
        isOver = true
        ready = []
        if request.fields.includesUsage {
            var usage = Usage(prompt: request.promptTokens.count, completion: 0)
            for index in runs.indices {
                usage.completion += runs[index].tokens.count
                if let reasoning = request.reasoningTokens(legible[index], options: options) {
                    usage.reasoning = (usage.reasoning ?? 0) + reasoning
                }
            }
            var last = chunk([], usage: usage.streamed)
            last["system_fingerprint"] = .string(options.fingerprint)
            ready.append(EventStream.event(.object(last)))
        }
        ready.append(EventStream.done)
    }

    /// The usage so far, of one choice; that of the prompt alone before the first token.
    private func usage(of index: Int? = nil) -> JSONValue? {
        guard request.fields.continuousUsage else { return nil }
        let (tokens, legible) = index.map { (runs[$0].tokens, self.legible[$0]) } ?? ([], [])
        return Usage(
            prompt: request.promptTokens.count, completion: tokens.count, reasoning: request.reasoningTokens(legible, options: options)
        ).streamed
    }

    private func chunk(_ choices: [JSONValue], usage: JSONValue?) -> JSONObject {
        var chunk: JSONObject = [
            "id": .string(request.id), "object": "chat.completion.chunk", "created": .integer(created), "model": .string(options.models[0]),
            "choices": .array(choices),
        ]
        if let usage { chunk["usage"] = usage }
        return chunk
    }
}

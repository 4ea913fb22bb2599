import JSON

/// A text completion as events, made as they are read.
struct CompletionStream: PartSource {
    private let request: CompletionRequest
    private let options: VLLMSimulator.Options
    private let created = HTTPDate.seconds
    private var runs: [ChoiceRun]
    private var ready: [SimulatedResponse.Part] = []
    private var isOver = false

    init(_ request: CompletionRequest, options: VLLMSimulator.Options) {
        self.request = request
        self.options = options
        runs = request.runs(options: options)
    }

    mutating func next() -> SimulatedResponse.Part? {
        while ready.isEmpty, !isOver { advance() }
        return ready.isEmpty ? nil : ready.removeFirst()
    }

    /// One token of every choice that is not at its end.
    private mutating func advance() {
        guard runs.contains(where: { $0.finish == nil }) else { return end() }
        let before = runs.map(\.tokens.count).max() ?? 0
        var events: [SimulatedResponse.Part] = []
        for index in runs.indices {
            let isFirst = runs[index].tokens.isEmpty
            guard let step = runs[index].next() else { continue }
            events.append(event(step, index, isFirst: isFirst))
        }
        ready = options.pauses((runs.map(\.tokens.count).max() ?? 0) - before) + events
    }

    private mutating func event(_ step: Generation.Step, _ index: Int, isFirst: Bool) -> SimulatedResponse.Part {
        let fields = request.fields
        let prompt = request.prompt(of: index)
        let echoes = isFirst && fields.echoes
        let tokens = request.onlyEchoes ? [] : step.tokens
        let text = (echoes ? Tokenizer.tiny.decode(prompt) : "") + (request.onlyEchoes ? "" : step.text)
        let choice: JSONValue = [
            "index": .integer(index), "text": .string(text),
            "logprobs": runs[index].logprobs?.completion(tokens, prompt: echoes ? prompt : []) ?? .null,
            "finish_reason": step.finish.map { .string($0.reason.rawValue) } ?? .null, "stop_reason": step.finish?.stopReason ?? .null,
            "prompt_token_ids": isFirst && (fields.returnsTokenIDs || fields.echoes) ? .array(prompt.map { .integer($0) }) : .null,
            "token_ids": fields.returnsTokenIDs ? .array(tokens.map { .integer($0) }) : .null,
        ]
        var chunk = chunk([choice])
        if fields.continuousUsage { chunk["usage"] = Usage(prompt: prompt.count, completion: runs[index].tokens.count).streamed }
        if !fields.includesUsage, step.finish != nil { chunk["system_fingerprint"] = .string(options.fingerprint) }
        return EventStream.event(.object(chunk))
    }

    private mutating func end() {
        isOver = true
        ready = []
        if request.fields.includesUsage {
            var last = chunk([])
            let completion = runs.map(\.tokens.count).reduce(0, +)
            last["usage"] = Usage(prompt: request.prompts.map(\.count).reduce(0, +), completion: completion).streamed
            last["system_fingerprint"] = .string(options.fingerprint)
            ready.append(EventStream.event(.object(last)))
        }
        ready.append(EventStream.done)
    }

    private func chunk(_ choices: [JSONValue]) -> JSONObject {
        [
            "id": .string(request.id), "object": "text_completion", "created": .integer(created), "model": .string(options.models[0]),
            "choices": .array(choices),
        ]
    }
}

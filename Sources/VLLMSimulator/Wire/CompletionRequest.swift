import JSON

/// A text completion that is asked for, read and checked.
struct CompletionRequest {
    var fields: GenerationFields
    /// The tokens of each prompt.
    var prompts: [[Int]]
    /// How many tokens may follow each prompt.
    private var limits: [Int]
    /// Whether only the prompt is to be sent back, with `echo` and no token to generate.
    var onlyEchoes = false
    var id: String

    /// Reads a request.
    init(_ body: FieldReader, request: SimulatedRequest, options: VLLMSimulator.Options) throws(WireError) {
        let texts = try Self.prompts(body)
        try ModelCheck.name(body, options: options)
        guard body["suffix"] == nil else {
            throw .badRequest("suffix is only supported for models with FIM completion rendering", parameter: "suffix")
        }
        guard body["prompt_embeds"] == nil else {
            throw .parameter("prompt_embeds", "You must set `--enable-prompt-embeds` to input `prompt_embeds`.")
        }
        guard let texts else { throw .parameter("prompt", "Either prompt or prompt_embeds must be provided and non-empty.") }
        guard !texts.isEmpty else { throw .badRequest("You must pass at least one prompt") }
        var maxTokens = try body.int("max_tokens") ?? SampleRules().maxTokens
        let echoes = try body.bool("echo") ?? false
        onlyEchoes = echoes && maxTokens == 0
        if onlyEchoes { maxTokens = 1 }
        let logprobs = try body.int("logprobs")
        if let logprobs, logprobs < -1 {
            throw .parameter("logprobs", "`logprobs` must be a positive value or -1.", value: "\(logprobs)")
        }
        fields = try GenerationFields(body, options: options, maxTokens: maxTokens)
        fields.logprobs = logprobs.map(GenerationFields.logprobCount)
        (prompts, limits) = ([], [])
        let truncation = try PromptTruncation(body, hasMaxTokens: true, options: options)
        for text in texts {
            switch text {
            case .text(let text):
                if !truncation.isOn { try ModelCheck.length(of: text, options: options) }
                prompts.append(try truncation.cut(Tokenizer.tiny.encode(text)))
                limits.append(try ModelCheck.room(behind: prompts[prompts.count - 1], isText: true, maxTokens: maxTokens, options: options))
            case .tokens(let tokens):
                prompts.append(try truncation.cut(tokens))
                limits.append(
                    try ModelCheck.room(behind: prompts[prompts.count - 1], isText: false, maxTokens: maxTokens, options: options))
            }
        }
        id = "cmpl-" + (request.header("x-request-id") ?? fields.requestID ?? WireID.make(""))
    }

    private enum Prompt {
        case text(String)
        case tokens([Int])
    }

    private static func prompts(_ body: FieldReader) throws(WireError) -> [Prompt]? {
        switch body["prompt"] {
        case nil, "": return nil
        case .string(let text)?: return [.text(text)]
        case .array(let elements)?:
            if elements.first?.number != nil { return [.tokens(try tokens(elements, at: "prompt"))] }
            var prompts: [Prompt] = []
            for (index, element) in elements.enumerated() {
                if let text = element.string {
                    prompts.append(.text(text))
                } else {
                    guard let list = element.array else {
                        throw .schema(type: "string_type", at: "prompt.\(index)", "Input should be a valid string", input: element)
                    }
                    prompts.append(.tokens(try tokens(list, at: "prompt.\(index)")))
                }
            }
            return prompts
        case let value?:
            throw .schema([
                .init(type: "list_type", place: "prompt", message: "Input should be a valid list", input: value),
                .init(type: "string_type", place: "prompt", message: "Input should be a valid string", input: value),
            ])
        }
    }

    private static func tokens(_ elements: [JSONValue], at place: String) throws(WireError) -> [Int] {
        var tokens: [Int] = []
        for (index, element) in elements.enumerated() {
            let path = "\(place).\(index)"
            guard let token = element.int else {
                throw .schema(type: "int_type", at: path, "Input should be a valid integer", input: element)
            }
            guard token >= 0 else {
                let text = "Input should be a valid string"
                throw .schema([
                    .init(
                        type: "greater_than_equal", place: path, message: "Input should be greater than or equal to 0", input: element,
                        context: "'ge': 0"),
                    .init(type: "list_type", place: path, message: "Input should be a valid list", input: element),
                    .init(type: "string_type", place: place, message: text, input: .array(elements)),
                    .init(type: "string_type", place: path, message: text, input: element),
                ])
            }
            tokens.append(token)
        }
        return tokens
    }

    /// Checks what the server looks at only when it generates.
    func checkLate() throws(WireError) {
        for token in prompts.joined() where token >= Tokenizer.tiny.vocabularySize {
            throw .badRequest("Token id \(token) is out of vocabulary")
        }
        try fields.checkLate()
    }

    /// The choices to generate: all of the first prompt, then all of the second.
    func runs(options: VLLMSimulator.Options) -> [ChoiceRun] {
        var runs: [ChoiceRun] = []
        var fields = fields
        for (prompt, limit) in zip(prompts, limits) {
            fields.rules.maxTokens = limit
            let text = Tokenizer.tiny.decode(prompt)
            // A server that tells thoughts apart constrains nothing before the thought has ended.
            let isConstrained = !options.reasoningParser || prompt.contains(Tokenizer.endOfThought)
            let demands = TinyModel.Demands(constraint: isConstrained ? fields.constraint : nil)
            for choice in 0..<fields.count {
                let output = TinyModel.answer(to: text, rules: fields.rules, demands: demands, choice: choice)
                runs.append(ChoiceRun(index: runs.count, output: output, fields: fields))
            }
        }
        return runs
    }

    /// The prompt of a choice.
    func prompt(of choice: Int) -> [Int] { prompts[choice / fields.count] }
}

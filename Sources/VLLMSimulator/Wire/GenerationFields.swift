import JSON

/// The fields that chat and text completions share, checked in the order and with the words of vLLM 0.32.
struct GenerationFields {
    var rules = SampleRules()
    /// How many choices a prompt gets.
    var count = 1
    var streams = false
    var includesUsage = false
    var continuousUsage = false
    /// How many alternatives a token's log-probabilities show; `nil` for no log-probabilities.
    var logprobs: Int?
    var promptLogprobs: Int?
    var returnsTokenIDs = false
    var showsTokensAsIDs = false
    /// How many tokens an event of a stream gathers.
    var streamInterval = 1
    var echoes = false
    var requestID: String?
    var constraint: Constraint?

    /// Reads the fields; `defaultMaxTokens` is what the endpoint gives without a limit.
    init(_ body: FieldReader, options: VLLMSimulator.Options, maxTokens: Int?) throws(WireError) {
        streams = try body.bool("stream") ?? false
        if let stream = try body.nested("stream_options") {
            guard streams else { throw .parameter("stream_options", "Stream options can only be defined when `stream=True`.") }
            includesUsage = try stream.bool("include_usage") ?? false
            let isContinuous = try stream.bool("continuous_usage_stats") ?? false
            continuousUsage = includesUsage && isContinuous
        }
        count = try body.int("n") ?? 1
        returnsTokenIDs = try body.bool("return_token_ids") ?? false
        showsTokensAsIDs = try body.bool("return_tokens_as_token_ids") ?? false
        promptLogprobs = try Self.promptLogprobs(body, streams: streams)
        streamInterval = try body.int("stream_interval") ?? 1
        echoes = try body.bool("echo") ?? false
        requestID = try body.string("request_id")
        constraint = try Constraint(body)
        rules = try Self.rules(body)
        try checkLimits(body, maxTokens: maxTokens, options: options)
    }

    private static func rules(_ body: FieldReader) throws(WireError) -> SampleRules {
        var rules = SampleRules()
        rules.temperature = try body.double("temperature") ?? 1
        rules.seed = try body.int("seed")
        rules.stops = try stops(body)
        rules.stopTokens = try body.ints("stop_token_ids") ?? []
        rules.includesStop = try body.bool("include_stop_str_in_output") ?? false
        rules.ignoresEnd = try body.bool("ignore_eos") ?? false
        rules.skipsSpecialTokens = try body.bool("skip_special_tokens") ?? true
        rules.minTokens = try body.int("min_tokens") ?? 0
        return rules
    }

    private static func promptLogprobs(_ body: FieldReader, streams: Bool) throws(WireError) -> Int? {
        guard let count = try body.int("prompt_logprobs") else { return nil }
        guard !streams || count == 0 || count < -1 else {
            throw .parameter("prompt_logprobs", "`prompt_logprobs` are not available when `stream=True`.")
        }
        guard count >= -1 else {
            throw .parameter("prompt_logprobs", "`prompt_logprobs` must be a positive value or -1.", value: "\(count)")
        }
        return logprobCount(count)
    }

    /// How many alternatives are told: -1 stands for the whole vocabulary.
    static func logprobCount(_ wanted: Int) -> Int { wanted < 0 ? Tokenizer.tiny.vocabularySize : wanted }

    private static func stops(_ body: FieldReader) throws(WireError) -> [String] {
        switch body["stop"] {
        case nil: return []
        case .string(let text)?: return [text]
        case .array(let elements)?:
            var texts: [String] = []
            for (index, element) in elements.enumerated() {
                guard let text = element.string else {
                    throw .schema(type: "string_type", at: "stop.\(index)", "Input should be a valid string", input: element)
                }
                texts.append(text)
            }
            return texts
        case let value?:
            throw .schema([
                .init(type: "string_type", place: "stop", message: "Input should be a valid string", input: value),
                .init(type: "list_type", place: "stop", message: "Input should be a valid list", input: value),
            ])
        }
    }

    private mutating func checkLimits(_ body: FieldReader, maxTokens: Int?, options: VLLMSimulator.Options) throws(WireError) {
        let temperature = rules.temperature
        guard count >= 1 else { throw .badRequest("n must be at least 1, got \(count).") }
        guard count <= Self.maxChoices else { throw .badRequest("n must be at most \(Self.maxChoices), got \(count). \(Self.howToRaise)") }
        guard streamInterval >= 1 else {
            throw .parameter("stream_interval", "stream_interval must be at least 1, got \(streamInterval).", value: "\(streamInterval)")
        }
        guard rules.minTokens >= 0 else {
            throw .badRequest("min_tokens must be greater than or equal to 0, got \(rules.minTokens).")
        }
        for name in ["presence_penalty", "frequency_penalty"] {
            guard let penalty = try body.double(name), !(-2...2).contains(penalty) else { continue }
            throw .badRequest("\(name) must be in [-2, 2], got \(penalty).")
        }
        guard temperature >= 0 else {
            throw .parameter("temperature", "temperature must be non-negative, got \(temperature).", value: "\(temperature)")
        }
        guard temperature <= 2 else {
            throw .parameter("temperature", "temperature must be in [0, 2], got \(temperature).", value: "\(temperature)")
        }
        if let topP = try body.double("top_p"), topP <= 0 || topP > 1 {
            throw .parameter("top_p", "top_p must be in (0, 1], got \(topP).", value: "\(topP)")
        }
        if let topK = try body.int("top_k"), topK < -1 { throw .badRequest("top_k must be 0 (disable), or at least 1, got \(topK).") }
        if let maxTokens {
            guard maxTokens >= 1 else {
                throw .parameter("max_tokens", "max_tokens must be at least 1, got \(maxTokens).", value: "\(maxTokens)")
            }
            guard rules.minTokens <= maxTokens else {
                throw .badRequest("min_tokens must be less than or equal to max_tokens=\(maxTokens), got \(rules.minTokens).")
            }
            guard maxTokens <= options.maxModelLength else {
                let message =
                    "max_tokens=\(maxTokens) cannot be greater than max_model_len=\(options.maxModelLength). Please request fewer output tokens."
                throw .parameter("max_tokens", message, value: "\(maxTokens)")
            }
        }
        try Self.checkRare(body)
        guard rules.stops.allSatisfy({ !$0.isEmpty }) else { throw .badRequest("stop cannot contain an empty string.") }
        guard count == 1 || temperature > 0 else { throw .badRequest("n must be 1 when using greedy sampling, got \(count).") }
    }

    /// Checks fields that have no effect here beyond being refused.
    private static func checkRare(_ body: FieldReader) throws(WireError) {
        if let words = try body.array("bad_words"), words.contains("") {
            let shown = words.map { "'\($0.string ?? $0.text)'" }.joined(separator: ", ")
            throw .badRequest("bad_words cannot contain an empty string. Got bad_words=[\(shown)]")
        }
        if let salt = try body.string("cache_salt"), salt.utf8.count > 128 || salt.contains(where: "@/\\\0".contains) {
            let message = "Parameter 'cache_salt' must be at most 128 characters and must not contain '@', '/', '\\\\', or NUL."
            throw .parameter("cache_salt", message)
        }
        if body["mm_processor_kwargs"] != nil {
            throw .parameter(
                "mm_processor_kwargs",
                "Per-request mm_processor_kwargs are disabled by default because they can change multimodal preprocessing resource usage. "
                    + "Start the server with --trust-request-mm-kwargs only when clients are trusted.")
        }
        let size = Tokenizer.tiny.vocabularySize
        let strange = (try body.nested("logit_bias")?.whole.object?.keys ?? []).filter { !(0..<size).contains(Int($0) ?? -1) }
        guard strange.isEmpty else {
            let list = "[\(strange.joined(separator: ", "))]"
            let message = "token_id(s) \(list) in logit_bias contain out-of-vocab token ids. Vocabulary size: \(size)"
            throw .parameter("logit_bias", message, value: list)
        }
    }

    /// Checks what the server looks at only when it generates: with `stream` the answer is 200 then, and the error an event.
    func checkLate() throws(WireError) {
        if let logprobs, logprobs > Self.maxLogprobs {
            throw .parameter(
                "logprobs", "Requested sample logprobs of \(logprobs), which is greater than max allowed: \(Self.maxLogprobs)",
                value: "\(logprobs)")
        }
        if let promptLogprobs, promptLogprobs > Self.maxLogprobs {
            throw .parameter(
                "prompt_logprobs", "Requested prompt logprobs of \(promptLogprobs), which is greater than max allowed: \(Self.maxLogprobs)",
                value: "\(promptLogprobs)")
        }
    }

    private static let maxLogprobs = 20
    private static let maxChoices = 16384
    private static let howToRaise = "To increase this limit, set the VLLM_MAX_N_SEQUENCES environment variable."
}

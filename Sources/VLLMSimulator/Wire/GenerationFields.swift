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
        promptLogprobs = try body.int("prompt_logprobs")
        streamInterval = max(1, try body.int("stream_interval") ?? 1)
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
        guard rules.stops.allSatisfy({ !$0.isEmpty }) else { throw .badRequest("stop cannot contain an empty string.") }
        guard count == 1 || temperature > 0 else { throw .badRequest("n must be 1 when using greedy sampling, got \(count).") }
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
}

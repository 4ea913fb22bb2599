import JSON
import VLLMClient

extension SamplingParameters {
    /// Which tokens are generated, all but the shape that the answer must have.
    init(_ options: OptionReader) throws(OptionProblem) {
        self.init()
        temperature = options.double("temperature")
        topP = options.double("top_p")
        topK = options.int("top_k")
        minP = options.double("min_p")
        seed = options.int("seed")
        n = options.int("n")
        frequencyPenalty = options.double("frequency_penalty")
        presencePenalty = options.double("presence_penalty")
        repetitionPenalty = options.double("repetition_penalty")
        lengthPenalty = options.double("length_penalty")
        stop = options.strings("stop")
        stopTokenIDs = options.ints("stop_token_ids")
        includeStopStringInOutput = options.bool("include_stop_str_in_output")
        maxTokens = options.int("max_tokens")
        minTokens = options.int("min_tokens")
        ignoreEOS = options.bool("ignore_eos")
        badWords = options.strings("bad_words")
        allowedTokenIDs = options.ints("allowed_token_ids")
        logitBias = try Self.logitBias(options.object("logit_bias"))
        promptLogprobs = options.int("prompt_logprobs")
        logprobTokenIDs = options.ints("logprob_token_ids")
        truncatePromptTokens = options.int("truncate_prompt_tokens")
        truncationSide = options.string("truncation_side")
        skipSpecialTokens = options.bool("skip_special_tokens")
        spacesBetweenSpecialTokens = options.bool("spaces_between_special_tokens")
        thinkingTokenBudget = options.int("thinking_token_budget")
        repetitionDetection = try Self.repetitionDetection(options.object("repetition_detection"))
    }

    private static let repetitionMembers = ["max_pattern_size", "min_pattern_size", "min_count"]

    /// The server ignores members that it does not know (vLLM 0.32).
    private static func repetitionDetection(_ object: JSONObject?) throws(OptionProblem) -> JSONObject? {
        for (member, value) in object ?? [:] {
            guard repetitionMembers.contains(member) else {
                throw OptionProblem(
                    "repetition_detection.\(member)", "there is no such member",
                    hint: "the members are \(repetitionMembers.joined(separator: ", "))")
            }
            guard let number = value.int, number >= 0 else {
                throw OptionProblem("repetition_detection.\(member)", "expected a whole number of at least 0, found \(value.text)")
            }
        }
        return object
    }

    private static func logitBias(_ object: JSONObject?) throws(OptionProblem) -> [Int: Double]? {
        guard let object else { return nil }
        var biases: [Int: Double] = [:]
        for (token, bias) in object where !bias.isNull {
            guard let id = Int(token), id >= 0 else {
                throw OptionProblem("logit_bias", "expected token ids as keys, found \"\(token)\"", hint: "such as {42: -100}")
            }
            guard let bias = bias.double, bias.isFinite else {
                throw OptionProblem("logit_bias.\(token)", "expected a number, found \(bias.text)", hint: "such as {42: -100}")
            }
            biases[id] = bias
        }
        return biases
    }
}

import Configuration
import JSON

extension VLLMProvider {
    /// Which tokens are generated, and what is told of them.
    static let samplingFields = [
        ConfigurationField(
            "max_tokens", .int, default: 1024, range: .atLeast(1), documentation: "The most tokens of an answer."),
        ConfigurationField(
            "temperature", .number, default: 0.7, range: .between(0, 2), documentation: "How freely tokens are drawn; 0 is greedy."),
        ConfigurationField(
            "top_p", .number, range: .between(0, 1), documentation: "Draws from the likeliest tokens that make up this probability."),
        ConfigurationField(
            "top_k", .int, range: .atLeast(-1), documentation: "Draws from this many of the likeliest tokens; 0 or -1 from all."),
        ConfigurationField(
            "min_p", .number, range: .between(0, 1),
            documentation: "Leaves out tokens less likely than this share of the likeliest one's probability."),
        ConfigurationField("seed", .int, documentation: "The seed of the draw."),
        ConfigurationField(
            "n", .int, range: .atLeast(1), documentation: "How many answers to give; more than one need a temperature above 0."),
        ConfigurationField("stop", .stringList, documentation: "Texts that end the answer."),
        ConfigurationField("stop_token_ids", .intList, range: .atLeast(0), documentation: "Tokens that end the answer."),
        ConfigurationField("include_stop_str_in_output", .bool, documentation: "Keeps the text that ended the answer in it."),
        ConfigurationField(
            "bad_words", .stringList,
            documentation: "Words that must not be generated (vLLM 0.9.2 and later, over completions 0.26 and later)."),
        ConfigurationField(
            "presence_penalty", .number, range: .between(-2, 2), documentation: "Lowers tokens that were generated at all."),
        ConfigurationField(
            "frequency_penalty", .number, range: .between(-2, 2), documentation: "Lowers tokens by how often they were generated."),
        ConfigurationField(
            "repetition_penalty", .number, range: .above(0), documentation: "Divides the score of tokens that were there before."),
        ConfigurationField(
            "length_penalty", .number, documentation: "The exponent of the length in the score of beams (extra_body: use_beam_search)."),
        ConfigurationField(
            "logit_bias", .object, documentation: "What is added to a token's score before drawing, by token id: {42: -100}."),
        ConfigurationField("min_tokens", .int, range: .atLeast(0), documentation: "The fewest tokens before an end may come."),
        ConfigurationField("ignore_eos", .bool, documentation: "Goes on beyond the end-of-sequence token."),
        ConfigurationField(
            "allowed_token_ids", .intList, range: .atLeast(0),
            documentation: "The only tokens that may be generated (in a chat vLLM 0.9.2 and later)."),
        ConfigurationField(
            "skip_special_tokens", .bool, documentation: "Leaves special tokens out of the text; the server's default is yes."),
        ConfigurationField(
            "spaces_between_special_tokens", .bool, documentation: "Puts spaces between special tokens; the server's default is yes."),
        ConfigurationField(
            "repetition_detection", .object,
            documentation: "Ends an answer that repeats itself: max_pattern_size, min_pattern_size, min_count (vLLM 0.17 and later)."),
        ConfigurationField(
            "logprobs", .oneOf([.int, .bool]), range: .atLeast(-1),
            documentation:
                "Tells each token's log-probability, and this many of the likeliest alternatives: true tells none of them, -1 all of the "
                + "vocabulary, where the server runs with --max-logprobs -1."),
        ConfigurationField("top_logprobs", .int, range: .atLeast(-1), documentation: "The same number under another name."),
        ConfigurationField(
            "logprob_token_ids", .intList, range: .atLeast(0),
            documentation: "Tokens whose log-probabilities are told at every position (vLLM 0.26 and later)."),
        ConfigurationField(
            "prompt_logprobs", .int, range: .atLeast(-1),
            documentation:
                "Tells the log-probabilities of the prompt's tokens, with as many alternatives as logprobs; an answer is then not streamed."
        ),
        ConfigurationField("return_token_ids", .bool, documentation: "Tells token ids of prompt and answer (vLLM 0.10.2 and later)."),
        ConfigurationField(
            "return_tokens_as_token_ids", .bool,
            documentation: "Spells the tokens of log-probabilities token_id:451, which tells tokens of equal text apart."),
    ]
}

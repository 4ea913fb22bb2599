/// The fields that requests to one endpoint may have, with the versions of vLLM that know them.
///
/// From the sources of 30 releases, 0.8.5 to 0.32.0. Releases in between were not looked at: a field that one minor release lacks
/// and some patch release of the next one has is taken to have come with that minor release.
struct RequestFields: Sendable {
    private let spans: [String: VersionSpan]

    /// Groups of names, parted by spaces, that share a span.
    private init(_ groups: [(VersionSpan, String)]) {
        let pairs = groups.flatMap { span, names in names.split(separator: " ").map { (String($0), span) } }
        spans = Dictionary(pairs) { _, last in last }
    }

    /// The versions that have a field; `nil` for one that none of them has.
    subscript(name: String) -> VersionSpan? { spans[name] }

    /// Every field that some version has.
    var names: [String] { spans.keys.sorted() }

    private static let shared: [(VersionSpan, String)] = [
        (
            .all,
            """
            model frequency_penalty logit_bias logprobs max_tokens n presence_penalty response_format seed stop stream stream_options \
            temperature top_p user use_beam_search top_k min_p repetition_penalty length_penalty stop_token_ids \
            include_stop_str_in_output ignore_eos min_tokens skip_special_tokens spaces_between_special_tokens truncate_prompt_tokens \
            prompt_logprobs echo add_special_tokens priority return_tokens_as_token_ids
            """
        ),
        (.before(12), "best_of guided_json guided_regex guided_choice guided_grammar guided_decoding_backend guided_whitespace_pattern"),
        (.before(17), "logits_processors"),
        (.since(9), "kv_transfer_params"),
        (.since(9, 2), "vllm_xargs"),
        (.since(10, 2), "return_token_ids"),
        (.since(11), "structured_outputs"),
        (.since(17), "repetition_detection"),
        (.since(22), "truncation_side"),
        (.since(25), "return_token_offsets"),
        (.since(26), "logprob_token_ids ec_transfer_params"),
        (.since(27), "stream_interval"),
        (.since(28), "session_id routed_experts_prompt_start"),
        (.since(30), "watermarking"),
        (.since(32), "mm_payload return_mm_kwargs"),
    ]

    /// `/v1/chat/completions`.
    static let chat = RequestFields(
        shared + [
            (
                .all,
                """
                messages top_logprobs max_completion_tokens tools tool_choice parallel_tool_calls add_generation_prompt \
                continue_final_message documents chat_template chat_template_kwargs mm_processor_kwargs request_id
                """
            ),
            (.before(12), "structural_tag"),
            (.since(9), "cache_salt"),
            (.since(9, 2), "allowed_token_ids bad_words"),
            (.since(10, 1), "reasoning_effort include_reasoning"),
            (.since(18), "media_io_kwargs"),
            (.since(19), "thinking_token_budget"),
            (.since(21), "return_prompt_text"),
            (.since(25).before(31), "return_assistant_tokens_mask"),
        ])

    /// `/v1/completions`.
    static let completions = RequestFields(
        shared + [
            (.all, "prompt suffix allowed_token_ids"),
            (.since(9), "prompt_embeds"),
            (.since(10), "cache_salt"),
            (.since(10, 1), "request_id"),
            (.since(11, 1).before(12), "structural_tag"),
            (.since(22), "thinking_token_budget"),
            (.since(26), "bad_words"),
        ])

    /// `/tokenize`, given messages.
    static let tokenize = RequestFields([
        (
            .all,
            """
            model messages add_generation_prompt continue_final_message add_special_tokens chat_template chat_template_kwargs \
            mm_processor_kwargs
            """
        ),
        (.since(9), "tools"),
        (.since(9, 2), "return_token_strs"),
        (.since(18), "media_io_kwargs"),
    ])

    /// The fields of OpenAI's own API at `/v1/chat/completions`, as far as they can be set here.
    static let openAIChat: Set<String> = [
        "model", "messages", "frequency_penalty", "logit_bias", "logprobs", "top_logprobs", "max_completion_tokens", "n",
        "presence_penalty",
        "response_format", "seed", "stop", "stream", "stream_options", "temperature", "top_p", "tools", "tool_choice",
        "parallel_tool_calls",
        "user", "reasoning_effort",
    ]

    /// The same at `/v1/completions`.
    static let openAICompletions: Set<String> = [
        "model", "prompt", "echo", "frequency_penalty", "logit_bias", "logprobs", "max_tokens", "n", "presence_penalty", "seed", "stop",
        "stream", "stream_options", "suffix", "temperature", "top_p", "user",
    ]
}

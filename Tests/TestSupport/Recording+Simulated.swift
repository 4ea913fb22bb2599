// Which recordings the simulator repeats.
extension Recording {
    private static let simulatedPaths: Set<String> = [
        "/v1/models", "/health", "/ping", "/version", "/load", "/v1/chat/completions", "/v1/completions", "/tokenize", "/detokenize",
    ]

    /// Recordings that the simulator does not repeat, and why.
    public static let notSimulated: [String: String] = [
        "chat_add_generation_prompt_false": "what the model says where it was not taught to speak is noise",
        "chat_ignore_eos": "the model repeats its end token; the simulator repeats the answer",
        "chat_min_tokens": "what the model says beyond its answer is noise",
        "completion_default_max_tokens": "the model repeats its end token; the simulator repeats the answer",
        "completion_structured": "unconstrained noise after an untaught prompt",
        "completion_structured_after_think": "the model cuts its constrained `yes` into other tokens",
        "completion_token_ids_list": "noise after the untaught one of two prompts",
        "chat_logit_bias": "logit_bias is checked but has no effect",
        "chat_logprob_token_ids": "logprob_token_ids is ignored",
        "completion_beam": "beam search is not simulated",
        "err_content_part_type": "pydantic's report on all eight kinds of content parts",
        "err_vllm_xargs": "vllm_xargs is ignored",
        "err_nan": "NaN, which is not JSON, is refused as such",
        "response_format_bad_type": "pydantic's report on all kinds of response formats; the simulator's has one line",
        "structured_bad_grammar": "grammars are not compiled",
        "structured_bad_regex": "regular expressions are not compiled",
        "structured_bad_schema": "schemas are not compiled",
    ]

    /// Recordings of several choices at once: which one is sent next is the real server's scheduling.
    public static let interleaved: Set<String> = ["chat_n2_stream", "completion_list_stream"]

    /// The names of the recordings of a server that the simulator repeats.
    public static func simulated(group: String) -> [String] {
        names { $0.group == group && simulatedPaths.contains($0.path) && notSimulated[$0.name] == nil }
    }
}

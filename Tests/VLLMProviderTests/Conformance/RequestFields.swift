import JSON

/// Where each field of vLLM's requests is set here.
enum RequestFields {
    /// The fields of `/v1/chat/completions`.
    static let chat = shared.merging(
        [
            "messages": .provider("the conversation"),
            "tools": .request(
                "tools", [["name": "f", "parameters": [:]]], sends: [["type": "function", "function": ["name": "f", "parameters": [:]]]]),
            "tool_choice": .option("tool_choice", "none"),
            "parallel_tool_calls": .option("parallel_tool_calls", false),
            "max_completion_tokens": .provider("`max_tokens`, with `dialect: openai`"),
            "logprobs": .option("logprobs", 3, sends: true),
            "top_logprobs": .option("top_logprobs", 3),
            "response_format": .option("response_format", ["type": "json_object"]),
            "structured_outputs": .option("structured_outputs", ["choice": ["a", "b"]]),
            "reasoning_effort": .option("reasoning_effort", "low"),
            "include_reasoning": .option("include_reasoning", false),
            "add_generation_prompt": .option("add_generation_prompt", false),
            "continue_final_message": .option("continue_final_message", true),
            "chat_template": .option("chat_template", "{{ messages }}"),
            "chat_template_kwargs": .option("chat_template_kwargs", ["a": 1]),
            "documents": .option("documents", [["text": "a"]]),
            "media_io_kwargs": .option("media_io_kwargs", ["image": ["a": 1]]),
            "mm_processor_kwargs": .option("mm_processor_kwargs", ["a": 1]),
            "return_prompt_text": .extraBody(true),
        ], uniquingKeysWith: { $1 })

    /// The fields of `/v1/completions`.
    static let completions = shared.merging(
        [
            "prompt": .provider("the conversation, by the model's chat template or as plain text"),
            "prompt_embeds": .extraBody("AAAA"),
            "add_special_tokens": .provider("`add_special_tokens`, where the prompt is text (`prompt_format: plain`)"),
            "suffix": .option("suffix", "end"),
            "logprobs": .option("logprobs", 3),
            "response_format": .unused("asked of chat: a completion's answer is not held to it while the model reasons"),
            "structured_outputs": .unused("asked of chat: a completion's answer is not held to it while the model reasons"),
        ], uniquingKeysWith: { $1 })

    private static let shared: [String: FieldPlace] = [
        "model": .request("model", "other"),
        "stream": .request("stream", true),
        "stream_options": .provider("with every stream, for the usage"),
        "max_tokens": .request("max_output_tokens", 5),
        "temperature": .request("temperature", 0.5),
        "top_p": .request("top_p", 0.5),
        "stop": .request("stop", ["END"]),
        "top_k": .option("top_k", 5),
        "min_p": .option("min_p", 0.25),
        "seed": .option("seed", 7),
        "n": .option("n", 2),
        "frequency_penalty": .option("frequency_penalty", 0.5),
        "presence_penalty": .option("presence_penalty", 0.5),
        "repetition_penalty": .option("repetition_penalty", 1.5),
        "length_penalty": .option("length_penalty", 1.5),
        "use_beam_search": .extraBody(true),
        "logit_bias": .option("logit_bias", ["5": -1.5]),
        "stop_token_ids": .option("stop_token_ids", [5]),
        "include_stop_str_in_output": .option("include_stop_str_in_output", true),
        "ignore_eos": .option("ignore_eos", true),
        "min_tokens": .option("min_tokens", 3),
        "skip_special_tokens": .option("skip_special_tokens", false),
        "spaces_between_special_tokens": .option("spaces_between_special_tokens", false),
        "truncate_prompt_tokens": .option("truncate_prompt_tokens", 100),
        "truncation_side": .option("truncation_side", "left"),
        "prompt_logprobs": .option("prompt_logprobs", 1),
        "logprob_token_ids": .option("logprob_token_ids", [5]),
        "allowed_token_ids": .option("allowed_token_ids", [5, 6]),
        "bad_words": .option("bad_words", ["bad"]),
        "echo": .option("echo", true),
        "add_special_tokens": .option("add_special_tokens", true),
        "priority": .option("request_priority", -3),
        "request_id": .provider("`request_id`, in the header `X-Request-Id`, which counts more than the field"),
        "session_id": .extraBody("s"),
        "user": .option("user", "someone"),
        "cache_salt": .option("cache_salt", "salt"),
        "return_tokens_as_token_ids": .option("return_tokens_as_token_ids", true),
        "return_token_ids": .option("return_token_ids", true),
        "return_token_offsets": .extraBody(true),
        "routed_experts_prompt_start": .extraBody(1),
        "watermarking": .extraBody(true),
        "mm_payload": .unused("only the render endpoint reads it"),
        "return_mm_kwargs": .unused("only the render endpoint reads it"),
        "kv_transfer_params": .option("kv_transfer_params", ["a": 1]),
        "ec_transfer_params": .option("ec_transfer_params", ["a": 1]),
        "vllm_xargs": .option("vllm_xargs", ["a": 1]),
        "repetition_detection": .option("repetition_detection", ["max_pattern_size": 8, "min_count": 3]),
        "thinking_token_budget": .option("thinking_token_budget", 100),
        "stream_interval": .option("stream_interval", 4),
    ]
}

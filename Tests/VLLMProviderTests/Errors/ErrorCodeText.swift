import ProviderKit

/// What docs/errors.md says of a code.
struct ErrorCodeText {
    var code: ProviderError.Code
    var when: String
    var advice: String

    static let all = [
        ErrorCodeText(
            code: .authentication, when: "The server, or a proxy before it, does not accept the credentials.",
            advice: "Set `api_key` or `VLLM_API_KEY`; for a proxy, the credentials in `proxy`."),
        ErrorCodeText(
            code: .accessDenied,
            when: "The credentials are known, but do not allow this model or route, or a proxy does not allow the server.",
            advice: "Take another model or key, or start the server with what it says is missing."),
        ErrorCodeText(
            code: .notFound, when: "The server does not have the model, or not the route.",
            advice: "`vllm-host models` lists what is served; check `default_model` and `base_url`."),
        ErrorCodeText(
            code: .rateLimit, when: "Too many requests for a gateway's limits, or for those of the configuration (`details.local`).",
            advice: "Wait: `retryAfter` says how long, where the server does."),
        ErrorCodeText(
            code: .quotaExceeded, when: "The account at a gateway has used up its quota or budget.",
            advice: "Waiting does not help: see to the account."),
        ErrorCodeText(
            code: .contextLength,
            when: "Prompt and answer do not fit into the context window, or the request is larger than a proxy takes. `details` has the "
                + "numbers as far as they are known: `context_window`, `prompt_tokens`, `max_tokens`, `requested_tokens`.",
            advice: "Shorten the conversation, lower `max_tokens`, or set `truncate_prompt_tokens`. The same request fails again."),
        ErrorCodeText(
            code: .contentFilter, when: "A gateway's content filter refused the prompt.", advice: "Rephrase what is asked."),
        ErrorCodeText(
            code: .invalidRequest, when: "The request is wrong: an option that does not exist, a value that the server does not take.",
            advice: "The message names the option, and `details.server_error.param` the field where the server does."),
        ErrorCodeText(
            code: .unavailable,
            when:
                "The server cannot answer now: overloaded, starting, broken, its engine dead, hidden behind a gateway's page, or left alone "
                + "after failures (`details.circuit`).",
            advice: "Try again later; if it stays, look into the server's log."),
        ErrorCodeText(
            code: .network, when: "The server cannot be reached, or the connection broke.",
            advice: "Check that the server runs, and `base_url`, `proxy` and `ca_file`. Failures of TLS and HTTP itself are not retryable."),
        ErrorCodeText(
            code: .timeout, when: "A time limit passed: one of the settings, named in the error and in `details.setting`, or a gateway's.",
            advice: "Raise the setting that is named; stream long answers."),
        ErrorCodeText(
            code: .stream,
            when:
                "The answer broke off without its end, or makes no sense: a page of HTML, other JSON, a broken event, more than is allowed.",
            advice: "An answer that broke off is retryable; for one that makes no sense, check that `base_url` leads to a vLLM server."),
        ErrorCodeText(
            code: .cancelled, when: "The caller cancelled, dropped the stream, or closed the provider.", advice: "Nothing is wrong."),
        ErrorCodeText(
            code: .invalidToolCall,
            when: "The model called a tool with arguments that cannot be read. `details` has `tool_name` and `raw_arguments`.",
            advice: "Show the model its mistake and ask again, or constrain the call (`tool_choice`)."),
        ErrorCodeText(
            code: .configuration, when: "The configuration is wrong, or leaves a choice open.", advice: "The message names the key."),
        ErrorCodeText(code: .other, when: "Anything else, such as an answer that two tasks read at once.", advice: "Read the message."),
    ]
}

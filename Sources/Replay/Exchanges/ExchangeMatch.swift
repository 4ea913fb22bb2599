import JSON
import ProviderKit
import Redaction

/// Which recorded request is taken for the same as one that arrives.
public enum ExchangeMatch: String, Sendable, CaseIterable {
    /// Method, path and body are the same; a body of JSON in whatever order and spelling, and whatever its tool calls are called: clients
    /// make those ids up where the server tells none.
    case strict
    /// As strict, without the settings of sampling, ids of requests, and what asks for more to be told.
    case loose
    /// Method and path are the same: the recorded answers in their order, whatever is asked.
    case order

    /// The members that `loose` passes over: what vLLM 0.32 takes beside the question itself.
    private static let passedOver: Set<String> = [
        "temperature", "top_p", "top_k", "min_p", "seed", "n", "max_tokens", "max_completion_tokens", "max_output_tokens", "min_tokens",
        "presence_penalty", "frequency_penalty", "repetition_penalty", "length_penalty", "logit_bias", "stop", "stop_token_ids",
        "ignore_eos",
        "bad_words", "logprobs", "top_logprobs", "prompt_logprobs", "return_token_ids", "return_tokens_as_token_ids", "logprob_token_ids",
        "stream_options", "user", "request_id", "priority", "cache_salt", "metadata", "best_of", "use_beam_search",
        "truncate_prompt_tokens",
        "skip_special_tokens", "spaces_between_special_tokens", "include_stop_str_in_output", "kv_transfer_params", "vllm_xargs",
    ]

    /// What of a body is compared, in canonical spelling.
    func comparable(_ body: JSONValue?) -> JSONValue {
        guard self != .order, let body else { return .null }
        guard var kept = body.object else { return Redactor().redact(body).canonical }
        if self == .loose { kept = JSONObject(kept.filter { !Self.passedOver.contains($0.key) }) }
        if let messages = kept["messages"]?.array {
            var ids = CallNumbers()
            kept["messages"] = .array(messages.map { Self.renumbered($0, &ids) })
        }
        return Redactor().redact(.object(kept)).canonical
    }

    private static func renumbered(_ message: JSONValue, _ ids: inout CallNumbers) -> JSONValue {
        guard var members = message.object else { return message }
        for key in ["tool_calls", "tool_call_id"] { members[key] = members[key].map { ids.renumbered($0, under: key) } }
        return .object(members)
    }
}

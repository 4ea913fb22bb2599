import JSON
import VLLMClient

extension GenerationOptions {
    /// Why the server would have to know what it has generated before; `nil` where it need not. It counts what it generates itself, and
    /// takes what it goes on from for the prompt (vLLM 0.32).
    var memoryOfAnswer: String? {
        let keys = [
            "presence_penalty": sampling.presencePenalty ?? 0 != 0, "frequency_penalty": sampling.frequencyPenalty ?? 0 != 0,
            "thinking_token_budget": sampling.thinkingTokenBudget ?? -1 >= 0, "repetition_detection": sampling.repetitionDetection != nil,
        ]
        let counting = keys.filter(\.value).keys.sorted()
        guard !counting.isEmpty else { return nil }
        return "\(counting.joined(separator: ", ")): the server would count from where it goes on"
    }

    /// Why a member of `extra_body` may make an answer another one behind a break; `nil` where there is none.
    var unknownField: String? {
        let fields = extraBody.filter { !$0.value.isNull && !Self.fieldsOfEachToken.contains($0.key) }.map { "extra_body.\($0.key)" }
        guard !fields.isEmpty else { return nil }
        return "\(fields.sorted().joined(separator: ", ")): it is not known to mean the same for the rest of an answer"
    }

    /// What means the same for each token, or nothing for any.
    private static let fieldsOfEachToken: Set<String> = [
        "temperature", "top_p", "top_k", "min_p", "seed", "repetition_penalty", "logit_bias", "bad_words", "allowed_token_ids",
        "stop_token_ids", "ignore_eos", "chat_template", "chat_template_kwargs", "mm_processor_kwargs", "media_io_kwargs", "documents",
        "reasoning_effort", "user", "metadata", "service_tier", "safety_identifier", "prompt_cache_key", "cache_salt", "priority",
    ]
}

import JSON
import VLLMClient

/// What a server's error means where its own `code` or `type` is plainer than the status, or where only its words tell.
enum ErrorMeaning {
    case contextLength
    /// The prompt fills the context window: there is no room for an answer.
    case fullContext
    case contentFilter
    case quotaExceeded
    case rateLimit
    case modelNotFound
    case invalidKey
    case modelDenied

    /// The meaning of an error; `nil` where the status says it all.
    init?(_ error: VLLMError) {
        let names = [error.code?.string, error.type].compactMap { $0?.lowercased() }
        if let meaning = names.lazy.compactMap({ Self.named[$0] }).first {
            self = meaning
        } else if let meaning = Self(ServerWords(error.message), error, names) {
            self = meaning
        } else {
            return nil
        }
    }

    /// By the words, where they are all there is.
    private init?(_ words: ServerWords, _ error: VLLMError, _ names: [String]) {
        switch error.effectiveStatus {
        case 400, 413, 422:
            let serverMessage = error.quotedMessage ?? error.message
            if ContextLengthMessage.isOfFullContext(serverMessage) {
                self = .fullContext
            } else if ContextLengthMessage.isOne(serverMessage) || words.contain(["contextwindowexceedederror"]) {
                self = .contextLength
            } else if words.contain(Self.filterWords) {
                self = .contentFilter
            } else {
                return nil
            }
        case 404:
            // Ollama quotes the model's name next; a path of Ray Serve's may be that of a list of models.
            let isModel =
                error.param == "model" || words.begin(with: "model ")
                || words.contain([" model "]) && words.contain(["not exist", "not found"])
            guard isModel, error.form?.page == nil else { return nil }
            self = .modelNotFound
        // Waiting does not help against a quota that is used up, as it does against too many requests.
        case 429:
            guard names.contains(where: { $0.contains("quota") }) || words.contain(["current quota"]) else { return nil }
            self = .quotaExceeded
        default: return nil
        }
    }

    private static let named: [String: ErrorMeaning] = [
        // OpenAI, llama.cpp, LiteLLM.
        "context_length_exceeded": .contextLength, "exceed_context_size_error": .contextLength,
        "contextwindowexceedederror": .contextLength,
        // Azure, OpenAI, LiteLLM.
        "content_filter": .contentFilter, "content_policy_violation": .contentFilter, "contentpolicyviolationerror": .contentFilter,
        // OpenAI, LiteLLM, Anthropic.
        "insufficient_quota": .quotaExceeded, "billing_hard_limit_reached": .quotaExceeded, "budget_exceeded": .quotaExceeded,
        "billing_error": .quotaExceeded,
        // OpenAI, LiteLLM.
        "rate_limit_exceeded": .rateLimit, "throttling_error": .rateLimit,
        "model_not_found": .modelNotFound,
        "invalid_api_key": .invalidKey, "token_not_found_in_db": .invalidKey, "expired_key": .invalidKey,
        "key_model_access_denied": .modelDenied, "team_model_access_denied": .modelDenied, "user_model_access_denied": .modelDenied,
    ]

    private static let filterWords = ["content filter", "content policy", "content management policy", "contentpolicyviolationerror"]
}

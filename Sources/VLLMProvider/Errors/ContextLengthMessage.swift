import JSON

/// A server's message that prompt or answer do not fit into the context window: in the words of vLLM 0.8 to 0.32, and of others that speak
/// its protocol.
enum ContextLengthMessage {
    /// What stands before a number, and what the number is. The texts of vLLM 0.32, then those of older releases.
    private static let numbers: [(before: String, name: String)] = [
        ("maximum context length is ", "context_window"), ("max_model_len=", "context_window"),
        ("your prompt contains at least ", "prompt_tokens"),
        ("your prompt contains ", "prompt_tokens"), ("max_tokens=", "max_tokens"),
        ("your request has ", "prompt_tokens"), ("is too large: ", "max_tokens"), ("maximum model length of ", "context_window"),
        ("decoder prompt (length ", "prompt_tokens"), ("you requested ", "requested_tokens"),
        // OpenAI, llama.cpp, SGLang, Text Generation Inference.
        ("your messages resulted in ", "prompt_tokens"), ("available context size (", "context_window"), ("request (", "prompt_tokens"),
        ("model's context length (", "context_window"), ("input (", "prompt_tokens"), ("`max_new_tokens` must be <= ", "context_window"),
        ("given: ", "prompt_tokens"),
    ]

    private static let phrases = [
        "context length", "too many tokens", "max_model_len", "maximum model length", "available context size",
        // Text Generation Inference says it of no length but this.
        "`max_new_tokens` must be <=", "`inputs` must have less than",
    ]

    /// Whether a message is one, by the server's own words.
    static func isOne(_ message: String) -> Bool {
        let words = ServerWords(message)
        // `truncate_prompt_tokens=5000 cannot be greater than max_model_len = 2048`: that is a bad value.
        return !words.begin(with: "truncate_prompt_tokens") && words.contain(phrases)
    }

    /// The numbers that it names: `context_window`, `prompt_tokens`, `max_tokens`, as far as they are there.
    static func numbers(_ message: String) -> JSONObject {
        // A gateway may quote the server's message.
        let beginning = message.prefix(ServerWords.limit).lowercased()
        var found: JSONObject = [:]
        for (before, name) in numbers where found[name] == nil {
            guard let range = beginning.firstRange(of: before) else { continue }
            let digits = beginning[range.upperBound...].prefix { $0.isASCII && $0.isNumber }
            // Very long texts are counted in characters.
            guard let number = Int(digits), !beginning[digits.endIndex...].hasPrefix(" characters") else { continue }
            found[name] = .integer(number)
        }
        return found
    }
}

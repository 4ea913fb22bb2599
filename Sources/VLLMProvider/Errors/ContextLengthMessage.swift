import JSON

/// A server's message that prompt or answer do not fit into the context window: in the words of vLLM 0.8 to 0.32, and of others that speak
/// its protocol.
enum ContextLengthMessage {
    /// A number in a text.
    private struct Place {
        /// What stands before it.
        var before: String
        /// What must stand behind it.
        var after = ""
        /// What the number is.
        var name: String
    }

    /// The texts of vLLM 0.32, then those of older releases.
    private static let places = [
        Place(before: "maximum context length is ", name: "context_window"), Place(before: "max_model_len=", name: "context_window"),
        Place(before: "context length is only ", name: "context_window"),
        Place(before: "your prompt contains at least ", name: "prompt_tokens"),
        Place(before: "your prompt contains ", name: "prompt_tokens"),
        Place(before: "you passed ", name: "prompt_tokens"), Place(before: "max_tokens=", name: "max_tokens"),
        Place(before: "and requested ", after: " output tokens", name: "max_tokens"),
        Place(before: "you requested ", after: " output tokens", name: "max_tokens"),
        Place(before: "you requested ", after: " tokens", name: "requested_tokens"),
        Place(before: "for a total of at least ", name: "requested_tokens"),
        Place(before: " tokens (", after: " in the messages", name: "prompt_tokens"),
        Place(before: " in the messages, ", after: " in the completion", name: "max_tokens"),
        Place(before: "your request has ", name: "prompt_tokens"), Place(before: "is too large: ", name: "max_tokens"),
        Place(before: "maximum model length of ", name: "context_window"), Place(before: "decoder prompt (length ", name: "prompt_tokens"),
        // OpenAI, llama.cpp, SGLang, Text Generation Inference.
        Place(before: "your messages resulted in ", name: "prompt_tokens"),
        Place(before: "available context size (", name: "context_window"), Place(before: "request (", name: "prompt_tokens"),
        Place(before: "model's context length (", name: "context_window"), Place(before: "input (", name: "prompt_tokens"),
        Place(before: "`max_new_tokens` must be <= ", name: "context_window"), Place(before: "given: ", name: "prompt_tokens"),
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

    /// Whether a message says that there is no room for an answer. vLLM 0.32 takes it for a wrong `max_tokens` when the prompt fills the
    /// window to its last token: what it complains of is what it has set itself. No request of the provider asks for less than one token.
    static func isOfFullContext(_ message: String) -> Bool {
        ServerWords(message).begin(with: "max_tokens must be at least 1, got 0")
    }

    /// The numbers that it names: `context_window`, `prompt_tokens`, `max_tokens` and `requested_tokens`, which is prompt and answer, as
    /// far as they are there.
    static func numbers(_ message: String) -> JSONObject {
        // A gateway may quote the server's message.
        let beginning = message.prefix(ServerWords.limit).lowercased()
        var found: JSONObject = [:]
        for place in places where found[place.name] == nil {
            guard let range = beginning.firstRange(of: place.before) else { continue }
            let digits = beginning[range.upperBound...].prefix { $0.isASCII && $0.isNumber }
            let rest = beginning[digits.endIndex...]
            // Very long texts are counted in characters.
            let isOfTokens = !rest.hasPrefix(" characters") && !rest.hasPrefix(" input characters")
            guard let number = Int(digits), isOfTokens, rest.hasPrefix(place.after) else { continue }
            found[place.name] = .integer(number)
        }
        return found
    }
}

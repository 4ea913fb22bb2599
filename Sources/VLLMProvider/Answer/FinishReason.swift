import JSON

/// Why answers end, in the contract's words.
enum FinishReason {
    /// What the contract calls a server's finish reason.
    ///
    /// vLLM 0.32 says `stop`, `length`, `tool_calls`, `abort` and `repetition`; other servers `content_filter`, and OpenAI's older API
    /// `function_call`. vLLM says `stop` for a call that was forced (vLLM 0.32), and so does every completion that ends in a call: a call
    /// is a call, and where there is none, none is told. Words that nobody knows stay as they are.
    static func normalized(_ raw: String, hasToolCalls: Bool) -> String {
        switch raw {
        case "stop", "tool_calls", "function_call": hasToolCalls ? "tool_calls" : "stop"
        default: raw
        }
    }

    /// The server's word for an answer that it failed at. vLLM tells that as an error of status 500 (0.32).
    static let failure = "error"

    /// Whether an answer that ended so was cut, so that its last call may not be whole.
    ///
    /// So it is by a stop string and by a stop token that the request asked for: they end an answer wherever they stand. vLLM tells either
    /// as `stop_reason`, as it does the model's own further end tokens, which end an answer as a whole (0.32).
    /// - Parameter stopTokenIDs: the stop tokens that the request asked for.
    static func isCut(_ raw: String?, stopReason: JSONValue? = nil, stopTokenIDs: Set<Int> = []) -> Bool {
        switch raw {
        case "length", "abort", "repetition": true
        default: stopReason?.string != nil || stopReason?.int.map(stopTokenIDs.contains) ?? false
        }
    }
}

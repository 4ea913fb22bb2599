/// Why answers end, in the contract's words.
enum FinishReason {
    /// What the contract calls a server's finish reason.
    ///
    /// vLLM 0.32 says `stop`, `length`, `tool_calls`, `abort` and `repetition`; other servers `content_filter`, and OpenAI's older API
    /// `function_call`. vLLM says `stop` for a call that was forced (vLLM 0.32), and so does every completion that ends in a call: a call
    /// is a call. Words that nobody knows stay as they are.
    static func normalized(_ raw: String, hasToolCalls: Bool) -> String {
        switch raw {
        case "stop": hasToolCalls ? "tool_calls" : "stop"
        case "function_call": "tool_calls"
        default: raw
        }
    }

    /// The server's word for an answer that it failed at. vLLM tells that as an error of status 500 (0.32).
    static let failure = "error"

    /// Whether an answer that ended so was cut, so that its last call may not be whole.
    static func isCut(_ raw: String?) -> Bool { raw == "length" || raw == "abort" || raw == "repetition" }
}

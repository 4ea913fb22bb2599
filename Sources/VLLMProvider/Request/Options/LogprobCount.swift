import JSON

/// How many alternatives are told with each token's log-probability: `logprobs` and `top_logprobs` are two names of one number.
enum LogprobCount {
    static let keys = ["logprobs", "top_logprobs"]

    /// The number; 0 tells only the tokens that were taken, `nil` tells nothing.
    static func read(_ options: OptionReader) throws(OptionProblem) -> Int? {
        let layer = options.layer(of: keys)
        let top = layer["top_logprobs"]?.int
        switch layer["logprobs"] {
        case nil, .bool(true)?: return top ?? (layer["logprobs"] == nil ? nil : 0)
        case .bool(false)?:
            guard top == nil else {
                throw OptionProblem("top_logprobs", "logprobs: false says that nothing is told", hint: "set one of them")
            }
            return nil
        case let count?:
            guard top == nil || top == count.int else {
                throw OptionProblem(
                    "top_logprobs", "logprobs says \(count.text), and they are the same number", hint: "set one of them")
            }
            return count.int
        }
    }
}

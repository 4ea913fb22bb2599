import JSON
import ProviderKit
import VLLMClient

/// Keeping prompt and answer within the model's limits. All of it is arithmetic; whoever asks the server for numbers is `VLLMCore`.
extension CallPlan {
    /// A number of tokens that the prompt of a chat does not exceed, without asking anybody; `nil` where the prompt holds more than text.
    ///
    /// A token is at least one byte, so a text has no more tokens than bytes; the rest is for what templates write around messages and tools.
    var promptTokenBound: Int? {
        guard !holdsMedia else { return nil }
        let texts = JSONValue.array((messages + tools).map { .object($0) }).text.utf8.count
        return texts + JSONValue.object(templateBody).text.utf8.count + templateMargin
    }

    /// A number that `promptTokenBound` does not exceed, without making the text that it counts: no byte is more than six where it is
    /// escaped.
    var roughPromptTokenBound: Int {
        let texts = Self.length(of: messages) + Self.length(of: tools)
        return 6 * (texts + 2 + templateBody.lengthWithoutEscapes) + templateMargin
    }

    /// How many bytes objects have in a list when none has to be escaped.
    private static func length(of objects: [JSONObject]) -> Int {
        objects.withLentElements { objects in
            var length = 0
            for index in objects.indices { length += Self.length(of: objects[index]) + 1 }
            return length
        }
    }

    private static func length(of object: borrowing Lent<JSONObject>) -> Int { object.value.lengthWithoutEscapes }

    private var templateBody: JSONObject { TokenizeRequest(.messages([], tools: [], template: options.template)).json }
    private var templateMargin: Int { 16 * messages.count + (tools.isEmpty ? 512 : 1536) }

    /// Whether a prompt of at most `bound` tokens and its answer may be more than there is room for.
    func mayExceed(_ window: Int, withPromptOf bound: Int) -> Bool {
        let (sum, overflows) = bound.addingReportingOverflow(options.sampling.maxTokens ?? 1)
        return overflows || sum > window
    }

    /// How many tokens of the prompt the server keeps; `nil` for all. With -1, vLLM 0.32 leaves room for one token of the answer.
    func keptPromptTokens(window: Int?) -> Int? {
        options.sampling.truncatePromptTokens.flatMap { $0 < 0 ? window.map { $0 - 1 } : $0 }
    }

    /// Which of the prompt's tokens the server keeps: vLLM cuts at the beginning, unless it is told otherwise.
    private var keptEnd: String { options.sampling.truncationSide == "right" ? "first" : "last" }

    /// Lowers `max_tokens` to the longest answer that is allowed.
    @inline(never)
    mutating func limitOutput(_ limits: ModelLimits) {
        guard let most = limits.maxOutputTokens else { return }
        guard let wanted = options.sampling.maxTokens else {
            options.sampling.maxTokens = most
            return
        }
        guard wanted > most else { return }
        lowerMaxTokens(from: wanted, to: most, "max_output_tokens is \(most)")
    }

    /// What can be done where the prompt's tokens cannot be counted. `max_tokens` is lowered to the context window: the server refuses more,
    /// and cuts to what is left. That the prompt may be cut is told.
    @inline(never)
    mutating func limitUncounted(window: Int?) {
        if let kept = keptPromptTokens(window: window) {
            degradations.append(
                Degradation(
                    requested: "the whole prompt", actual: "at most its \(keptEnd) \(kept) tokens",
                    reason:
                        "truncate_prompt_tokens is \(options.sampling.truncatePromptTokens ?? kept), and the prompt's tokens cannot be counted"
                ))
        }
        guard let window else { return }
        guard let wanted = options.sampling.maxTokens, wanted > window else { return }
        lowerMaxTokens(from: wanted, to: window, "the context window is \(window) tokens, prompt included")
    }

    /// Makes prompt and answer fit into the context window.
    /// - Throws: `ProviderError` with the code `contextLength`, where the prompt leaves no room for an answer.
    @inline(never)
    mutating func fit(promptTokens counted: Int, window: Int?, model: String) throws(ProviderError) {
        var promptTokens = max(counted, 0)
        if let kept = keptPromptTokens(window: window), promptTokens > kept {
            degradations.append(
                Degradation(
                    requested: "a prompt of \(promptTokens) tokens", actual: "its \(keptEnd) \(kept) tokens",
                    reason: "truncate_prompt_tokens is \(options.sampling.truncatePromptTokens ?? kept)"))
            promptTokens = kept
        }
        guard let window else { return }
        guard promptTokens < window else {
            throw ProviderError(
                .contextLength,
                "the prompt has \(promptTokens) tokens, which leaves no room for an answer: the context window of \(model) is \(window) tokens",
                hint: "shorten the conversation, or take a model with a larger context window",
                details: ["prompt_tokens": .integer(promptTokens), "context_window": .integer(window)])
        }
        let room = window - promptTokens
        guard let wanted = options.sampling.maxTokens, wanted > room else { return }
        lowerMaxTokens(from: wanted, to: room, "the context window is \(window) tokens, and the prompt has \(promptTokens)")
    }

    private mutating func lowerMaxTokens(from wanted: Int, to actual: Int, _ reason: String) {
        options.sampling.maxTokens = actual
        degradations.append(Degradation(requested: "max_tokens: \(wanted)", actual: "max_tokens: \(actual)", reason: reason))
    }
}

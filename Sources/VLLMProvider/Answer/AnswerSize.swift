import JSON
import ProviderKit
import VLLMClient

/// Counts what an answer comes to, part by part, before it is kept.
struct AnswerSize {
    private let limits: AnswerLimits
    private var bytes = 0
    private var logprobs = 0

    init(_ limits: AnswerLimits) {
        self.limits = limits
    }

    /// Counts a part.
    /// - Parameter metadata: how many bytes the answer's metadata have, this part's included.
    /// - Throws: `ProviderError` with the code `stream`, when a limit is passed.
    mutating func add(_ parts: borrowing Span<AnswerPart>, at index: Int, metadata: Int) throws(ProviderError) {
        logprobs += parts[index].promptTokenIDs?.count ?? 0
        if let prompt = parts[index].promptLogprobs { count(prompt) }
        parts[index].choices.withLentElements { choices in
            for index in choices.indices { count(choices[index]) }
        }
        guard bytes + metadata <= limits.bytes else {
            throw ProviderError(exceeding: limits.bytes, of: "max_answer_bytes", "the answer is larger than \(limits.bytes) bytes")
        }
        guard logprobs <= limits.logprobs else {
            throw ProviderError(
                exceeding: limits.logprobs, of: "max_answer_logprobs",
                "the answer has more than \(limits.logprobs) log-probabilities and token ids")
        }
    }

    private mutating func count(_ choice: borrowing Lent<AnswerPart.Choice>) {
        bytes += choice.value.byteCount
        logprobs += (choice.value.tokenIDs?.count ?? 0) + (choice.value.promptTokenIDs?.count ?? 0)
        if let tokens = choice.value.logprobs?.tokens.span { for index in tokens.indices { logprobs += 1 + tokens[index].top.count } }
        if let prompt = choice.value.promptLogprobs { count(prompt) }
    }

    private mutating func count(_ prompt: PromptLogprobs) {
        for candidates in prompt.positions {
            logprobs += 1 + (candidates?.count ?? 0)
            for candidate in candidates ?? [] { bytes += candidate.decodedToken?.utf8.count ?? 0 }
        }
    }
}

import ToldTokens
import VLLMClient

/// Which parts of an answer are one part where they arrive together.
///
/// A read from the network may hold dozens of tokens. What only goes on with the text of a choice, or with its reasoning, is joined before
/// anything else handles it, so that all behind it works once a batch and not once a token. Log-probabilities are joined with the text that
/// they come with: where a token stands follows from the tokens and the text alone.
enum PartJoining {
    /// None.
    case off
    /// Those that are text, with or without log-probabilities.
    case texts
    /// Those that are text and the ids of its tokens, which nobody has asked for: only what the answer goes on from has to know them.
    case textsWithTokens
}

/// A chunk of a stream of either endpoint.
protocol AnswerChunk {
    // All take a chunk where it stands among others, which a span lends: whoever is given an element of it gets a copy.

    /// What a chunk says, where that is no more than that a choice goes on: no tool calls, usage, ends, or fields of others.
    static func delta(of chunks: borrowing Span<Self>, at index: Int) -> AnswerDelta?
    /// The log-probabilities of the tokens of a chunk's first choice.
    static func logprobs(of chunks: borrowing Span<Self>, at index: Int) -> TokenLogprobs?
    /// The chunk as a part of the answer.
    static func part(of chunks: borrowing Span<Self>, at index: Int) -> AnswerPart
}

/// Text or reasoning with which a choice goes on.
struct AnswerDelta {
    /// What deltas have in common that may be joined.
    struct Kind: Equatable {
        let choice: Int
        let content: Content
    }

    /// What they hold, besides text.
    struct Content: OptionSet {
        let rawValue: UInt8

        /// The text is reasoning.
        static let thinking = Content(rawValue: 1)
        /// The ids of the text's tokens.
        static let tokenIDs = Content(rawValue: 2)
        /// Their log-probabilities.
        static let logprobs = Content(rawValue: 4)
    }

    let kind: Kind
    let text: String
    let tokenIDs: [Int]?

    /// - Parameter hasLogprobs: log-probabilities of its tokens come with it.
    /// - Returns: `nil` for text and reasoning at once.
    init?(choice: Int, thinking: String?, text: String?, tokenIDs: [Int]?, hasLogprobs: Bool) {
        let isThinking = thinking?.isEmpty == false
        if isThinking, text?.isEmpty == false { return nil }
        var content: Content = isThinking ? .thinking : []
        if case .some = tokenIDs { content.insert(.tokenIDs) }
        if hasLogprobs { content.insert(.logprobs) }
        kind = Kind(choice: choice, content: content)
        self.text = (isThinking ? thinking : text) ?? ""
        self.tokenIDs = tokenIDs
    }

    func has(_ content: Content) -> Bool { kind.content.contains(content) }

    /// Whether its tokens do not show: their text comes with what follows, and stands in what follows only.
    var isSilent: Bool { !kind.content.isDisjoint(with: [.tokenIDs, .logprobs]) && text.isEmpty }
}

extension AnswerPart {
    /// The parts that chunks are which arrived together.
    static func parts<Chunk: AnswerChunk>(of chunks: [Chunk], joining: PartJoining) -> [AnswerPart] {
        var parts: [AnswerPart] = []
        // What the last part may be joined with.
        var growing: AnswerDelta.Kind?
        let chunks = chunks.span
        for index in chunks.indices {
            let delta = joining.delta(of: chunks, at: index)
            if let delta, delta.kind == growing, !delta.isSilent {
                parts[parts.count - 1].choices[0].append(delta)
                if delta.has(.logprobs) { parts[parts.count - 1].choices[0].append(Chunk.logprobs(of: chunks, at: index)) }
            } else {
                growing = delta?.kind
                parts.append(Chunk.part(of: chunks, at: index))
            }
        }
        return parts
    }
}

extension PartJoining {
    fileprivate func delta<Chunk: AnswerChunk>(of chunks: borrowing Span<Chunk>, at index: Int) -> AnswerDelta? {
        guard self != .off, let delta = Chunk.delta(of: chunks, at: index) else { return nil }
        return delta.has(.tokenIDs) && self != .textsWithTokens ? nil : delta
    }
}

extension AnswerPart.Choice {
    fileprivate mutating func append(_ delta: AnswerDelta) {
        if delta.has(.thinking) { thinking?.append(delta.text) } else if text?.append(delta.text) == nil { text = delta.text }
        if let ids = delta.tokenIDs { tokenIDs?.append(contentsOf: ids) }
    }

    fileprivate mutating func append(_ more: TokenLogprobs?) {
        if let more { logprobs?.tokens.append(contentsOf: more.tokens) }
    }
}

// `== nil` would make copies of what it compares with nothing, for every token; `case .none` looks and takes nothing.

extension ChatCompletionChunk: AnswerChunk {
    static func part(of chunks: borrowing Span<Self>, at index: Int) -> AnswerPart { AnswerPart(chunks, at: index) }

    static func logprobs(of chunks: borrowing Span<Self>, at index: Int) -> TokenLogprobs? { chunks[index].choices.span[0].logprobs }

    static func delta(of chunks: borrowing Span<Self>, at index: Int) -> AnswerDelta? {
        guard chunks[index].choices.count == 1, case .none = chunks[index].usage, chunks[index].additional.isEmpty,
            case .none = chunks[index].promptTokenIDs, case .none = chunks[index].promptText,
            case .none = chunks[index].systemFingerprint, case .none = chunks[index].metrics
        else { return nil }
        return Choice.answerDelta(of: chunks[index].choices.span)
    }
}

extension ChatCompletionChunk.Choice {
    /// What the first of some choices says.
    fileprivate static func answerDelta(of choices: borrowing Span<Self>) -> AnswerDelta? {
        guard case .none = choices[0].finishReason, case .none = choices[0].stopReason,
            choices[0].additional.isEmpty, choices[0].delta.additional.isEmpty, choices[0].delta.toolCalls.isEmpty,
            case .none = choices[0].delta.functionCall, choices[0].delta.role.isAnswerer
        else { return nil }
        var hasLogprobs = false
        if case .some = choices[0].logprobs { hasLogprobs = true }
        if hasLogprobs, choices[0].logprobs?.goByIDs == true { return nil }
        return AnswerDelta(
            choice: choices[0].index, thinking: choices[0].delta.reasoning, text: choices[0].delta.content, tokenIDs: choices[0].tokenIDs,
            hasLogprobs: hasLogprobs)
    }
}

extension String? {
    /// Whether this is the role of whoever answers, which goes without saying.
    fileprivate var isAnswerer: Bool {
        switch self {
        case .none: true
        case .some(let role): role == "assistant"
        }
    }
}

extension CompletionChunk: AnswerChunk {
    static func part(of chunks: borrowing Span<Self>, at index: Int) -> AnswerPart { AnswerPart(chunks, at: index) }

    static func logprobs(of chunks: borrowing Span<Self>, at index: Int) -> TokenLogprobs? { chunks[index].choices.span[0].logprobs }

    static func delta(of chunks: borrowing Span<Self>, at index: Int) -> AnswerDelta? {
        guard chunks[index].choices.count == 1, case .none = chunks[index].usage, chunks[index].additional.isEmpty,
            case .none = chunks[index].systemFingerprint, case .none = chunks[index].metrics
        else { return nil }
        return Choice.answerDelta(of: chunks[index].choices.span)
    }
}

extension CompletionChunk.Choice {
    /// What the first of some choices says.
    fileprivate static func answerDelta(of choices: borrowing Span<Self>) -> AnswerDelta? {
        guard case .none = choices[0].finishReason, case .none = choices[0].stopReason,
            choices[0].additional.isEmpty, case .none = choices[0].promptTokenIDs
        else { return nil }
        var hasLogprobs = false
        if case .some = choices[0].logprobs { hasLogprobs = true }
        if hasLogprobs, choices[0].logprobs?.goByIDs == true { return nil }
        return AnswerDelta(
            choice: choices[0].index, thinking: nil, text: choices[0].text, tokenIDs: choices[0].tokenIDs, hasLogprobs: hasLogprobs)
    }
}

extension TokenLogprobs {
    /// Whether the tokens go by their ids. Which of them are white space, that is made anew where the answer breaks off, is then known of
    /// whole chunks only.
    fileprivate var goByIDs: Bool {
        let tokens = tokens.span
        return !tokens.isEmpty && tokens[0].told.idInName != nil
    }
}

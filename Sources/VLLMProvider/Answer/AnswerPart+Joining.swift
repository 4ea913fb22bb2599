import VLLMClient

/// Which parts of an answer are one part where they arrive together.
///
/// A read from the network may hold dozens of tokens. What only goes on with the text of a choice, or with its reasoning, is joined before
/// anything else handles it, so that all behind it works once a batch and not once a token.
enum PartJoining {
    /// None.
    case off
    /// Those that are text alone.
    case texts
    /// Those that are text and the ids of its tokens, which nobody has asked for: only what the answer goes on from has to know them.
    case textsWithTokens
}

/// A chunk of a stream of either endpoint.
protocol AnswerChunk {
    /// What it says, where that is no more than that a choice goes on: no log-probabilities, tool calls, usage, ends, or fields of others.
    var delta: AnswerDelta? { get }
    /// The chunk as a part of the answer.
    var part: AnswerPart { get }
}

/// Text or reasoning with which a choice goes on.
struct AnswerDelta {
    /// What deltas have in common that may be joined.
    struct Kind: Equatable {
        let choice: Int
        let isThinking: Bool
        let hasTokens: Bool
    }

    let kind: Kind
    let text: String
    let tokenIDs: [Int]?

    /// - Returns: `nil` for text and reasoning at once.
    init?(choice: Int, thinking: String?, text: String?, tokenIDs: [Int]?) {
        let isThinking = thinking?.isEmpty == false
        if isThinking, text?.isEmpty == false { return nil }
        kind = Kind(choice: choice, isThinking: isThinking, hasTokens: tokenIDs != nil)
        self.text = (isThinking ? thinking : text) ?? ""
        self.tokenIDs = tokenIDs
    }

    /// Whether its tokens do not show: their text comes with what follows, and stands in what follows only.
    var isSilent: Bool { kind.hasTokens && text.isEmpty }
}

extension AnswerPart {
    /// The parts that chunks are which arrived together.
    static func parts(of chunks: [some AnswerChunk], joining: PartJoining) -> [AnswerPart] {
        var parts: [AnswerPart] = []
        // What the last part may be joined with.
        var growing: AnswerDelta.Kind?
        // A span lends its elements; an array gives copies of them.
        let chunks = chunks.span
        for index in chunks.indices {
            let delta = joining.delta(of: chunks[index])
            if let delta, delta.kind == growing, !delta.isSilent {
                parts[parts.count - 1].choices[0].append(delta)
            } else {
                growing = delta?.kind
                parts.append(chunks[index].part)
            }
        }
        return parts
    }
}

extension PartJoining {
    fileprivate func delta(of chunk: some AnswerChunk) -> AnswerDelta? {
        guard self != .off, let delta = chunk.delta else { return nil }
        return delta.kind.hasTokens && self != .textsWithTokens ? nil : delta
    }
}

extension AnswerPart.Choice {
    fileprivate mutating func append(_ delta: AnswerDelta) {
        if delta.kind.isThinking { thinking?.append(delta.text) } else if text?.append(delta.text) == nil { text = delta.text }
        if let ids = delta.tokenIDs { tokenIDs?.append(contentsOf: ids) }
    }
}

// `== nil` would make copies of what it compares with nothing, for every token; `case .none` looks and takes nothing.

extension ChatCompletionChunk: AnswerChunk {
    var part: AnswerPart { AnswerPart(self) }

    var delta: AnswerDelta? {
        guard choices.count == 1, case .none = usage, additional.isEmpty, case .none = promptTokenIDs, case .none = promptText,
            case .none = systemFingerprint, case .none = metrics
        else { return nil }
        return choices.span[0].answerDelta
    }
}

extension ChatCompletionChunk.Choice {
    fileprivate var answerDelta: AnswerDelta? {
        guard case .none = finishReason, case .none = logprobs, case .none = stopReason, additional.isEmpty, delta.additional.isEmpty,
            delta.toolCalls.isEmpty, case .none = delta.functionCall, delta.role.isAnswerer
        else { return nil }
        return AnswerDelta(choice: index, thinking: delta.reasoning, text: delta.content, tokenIDs: tokenIDs)
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
    var part: AnswerPart { AnswerPart(self) }

    var delta: AnswerDelta? {
        guard choices.count == 1, case .none = usage, additional.isEmpty, case .none = systemFingerprint, case .none = metrics else {
            return nil
        }
        return choices.span[0].answerDelta
    }
}

extension CompletionChunk.Choice {
    fileprivate var answerDelta: AnswerDelta? {
        guard case .none = finishReason, case .none = logprobs, case .none = stopReason, additional.isEmpty, case .none = promptTokenIDs
        else { return nil }
        return AnswerDelta(choice: index, thinking: nil, text: text, tokenIDs: tokenIDs)
    }
}

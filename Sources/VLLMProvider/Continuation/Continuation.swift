import JSON
import ProviderKit
import VLLMClient

/// Makes one long answer of the rounds in which it is generated, so that what reads it sees no seams: a round that its length cut is
/// followed by the next one, up to a limit. It does no I/O: it says what to do.
struct Continuation {
    /// What to do when a round is over.
    enum Outcome {
        /// These are the answer's last parts.
        case over([AnswerPart])
        /// Ask for what comes behind this.
        case next(PartialAnswer)
    }

    /// The most rounds behind the first one; 0 for none.
    let limit: Int
    /// Why this answer cannot be continued, known before it comes.
    private let obstacle: String?
    /// Tools were offered: what looks like a call is one.
    private let hasTools: Bool
    /// White space at the end is generated anew by the next round.
    private let repeatsBlanks: Bool
    /// The tokens are for going on only, nobody asked for them.
    private let hidesTokenIDs: Bool

    /// How many rounds there were behind the first one.
    private(set) var count = 0
    /// The server's id of the round that is read.
    private(set) var responseID: String?
    private var begun: BegunAnswer
    private var partial: PartialAnswer
    private var progress: Int
    private var held: [AnswerPart] = []
    private var isCut = false
    private var usage: CompletionUsage?
    private var roundUsage: CompletionUsage?
    /// Why it did not go on.
    private var problem: String?

    /// No continuation.
    init() { self.init(limit: 0) }

    /// - Parameters:
    ///   - limit: the most rounds behind the first one.
    ///   - obstacle: why this answer cannot be continued.
    ///   - begun: what is known of the answer before it comes.
    ///   - hasTools: tools were offered, so that what looks like a call is one.
    ///   - repeatsBlanks: the next round begins behind the last word, and not behind the last token.
    ///   - hidesTokenIDs: parts are to have no token ids.
    init(
        limit: Int, obstacle: String? = nil, begun: BegunAnswer = BegunAnswer(), hasTools: Bool = false, repeatsBlanks: Bool = false,
        hidesTokenIDs: Bool = false
    ) {
        self.begun = begun
        partial = PartialAnswer(thoughtIsOver: begun.isBehindThinking)
        progress = partial.progress
        self.limit = limit
        self.obstacle = obstacle
        self.hasTools = hasTools
        self.repeatsBlanks = repeatsBlanks
        self.hidesTokenIDs = hidesTokenIDs
    }

    private static let heldLimit = 10_000

    /// Takes the next parts of a round in and returns what of them can be read.
    mutating func join(_ parts: [AnswerPart]) -> [AnswerPart] {
        var ready: [AnswerPart] = []
        for part in parts {
            let (echo, answer) = begun.read(part)
            if let echo { ready.append(echo) }
            if limit > 0 { join(answer, &ready) } else { ready.append(answer) }
        }
        return ready
    }

    private mutating func join(_ part: AnswerPart, _ ready: inout [AnswerPart]) {
        var part = part
        responseID = part.id ?? responseID
        if let usage = part.usage { roundUsage = usage }
        part.usage = nil
        if hidesTokenIDs { part.promptTokenIDs = nil }
        for index in part.choices.indices {
            if part.choices[index].index == 0 { partial.add(part.choices[index]) }
            if hidesTokenIDs { (part.choices[index].tokenIDs, part.choices[index].promptTokenIDs) = (nil, nil) }
            guard part.choices[index].finishReason == "length" else { continue }
            isCut = true
            if obstacle == nil { part.choices[index].finishReason = nil }
        }
        if repeatsBlanks, obstacle == nil { hold(part, &ready) } else { ready.append(part) }
    }

    private mutating func hold(_ part: AnswerPart, _ ready: inout [AnswerPart]) {
        let (shown, blank) = Self.tail(of: part)
        if let shown {
            if shown.choices.contains(where: \.saysSomething) {
                ready += held
                held = []
            }
            // Tokens that do not show, such as the end of a thought, stay in their order.
            if held.isEmpty { ready.append(shown) } else { held.append(shown) }
        }
        if let blank { held.append(blank) }
        // A model that goes on and on with blank lines is not waited for.
        if held.count > Self.heldLimit {
            ready += held
            held = []
        }
    }

    /// The source of a round has ended.
    mutating func endRound() -> Outcome {
        guard limit > 0 else { return .over([]) }
        usage = CompletionUsage.sum(usage, roundUsage)
        roundUsage = nil
        guard isCut else { return end() }
        if let obstacle = obstacle ?? obstacleOfRound {
            problem = obstacle
            return end()
        }
        guard count < limit else { return end() }
        count += 1
        isCut = false
        held = []
        progress = partial.progress
        begun = BegunAnswer(isBehindThinking: partial.thoughtIsOver)
        if repeatsBlanks {
            partial.thinking = partial.thoughtIsOver ? partial.thinking : partial.thinking.withoutTrailingBlanks
            partial.text = partial.text.withoutTrailingBlanks
        }
        return .next(partial)
    }

    /// A round behind the first one has failed: the answer is what there is of it.
    mutating func fail(_ error: ProviderError) -> [AnswerPart] {
        problem = error.message
        isCut = true
        usage = CompletionUsage.sum(usage, roundUsage)
        roundUsage = nil
        guard case .over(let parts) = end() else { return [] }
        return parts
    }

    /// Why there is no going on from what the round has come to.
    private var obstacleOfRound: String? {
        if partial.hasToolCalls { return "the answer calls a tool" }
        if hasTools, partial.endsInToolCall { return "the answer ends inside a tool call" }
        return partial.progress > progress ? nil : "the model added nothing"
    }

    private mutating func end() -> Outcome {
        var parts = held
        held = []
        var choices: [AnswerPart.Choice] = []
        if isCut, obstacle == nil { choices = [AnswerPart.Choice(index: 0, finishReason: "length")] }
        isCut = false
        if !choices.isEmpty || usage != nil { parts.append(AnswerPart(choices: choices, usage: usage)) }
        usage = nil
        return .over(parts)
    }

    /// What the answer's end is to say of this.
    func note(in finish: inout ResponseFinish) {
        if count > 0 { finish.metadata["vllm:continuation_count"] = .integer(count) }
        guard let problem else { return }
        let told = Degradation(
            requested: "continuation: \(limit)", actual: count == 0 ? "no continuation" : "\(count) continuation\(count == 1 ? "" : "s")",
            reason: problem)
        finish.degradation = Degradation(joining: [finish.degradation, told].compactMap { $0 })
    }
}

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
    let hasTools: Bool
    /// White space at the end is generated anew by the next round.
    let repeatsBlanks: Bool
    /// The tokens are for going on only, nobody asked for them.
    private let hidesTokenIDs: Bool
    /// Whether a stream that breaks off can go on, as far as it is known before it comes.
    let resuming: Resuming

    /// How many rounds there were behind the first one.
    private(set) var count = 0
    /// How often a stream that had broken off went on.
    private(set) var resumeCount = 0
    /// The server's id of the round that is read.
    private(set) var responseID: String?
    private(set) var isCut = false
    /// Something of the round has been read.
    private(set) var roundHasBegun = false
    var begun: BegunAnswer
    var partial: PartialAnswer
    private var held = HeldParts()
    private var progress: Int
    private var usage: CompletionUsage?
    private var roundUsage: CompletionUsage?
    private var brokenParts = BrokenParts()
    private var usageIsIncomplete = false
    /// How many tokens the last round that is over had, prompt and answer.
    private(set) var tokensOfRound: Int?
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
    ///   - resuming: whether a stream that breaks off can go on.
    init(
        limit: Int, obstacle: String? = nil, begun: BegunAnswer = BegunAnswer(), hasTools: Bool = false, repeatsBlanks: Bool = false,
        hidesTokenIDs: Bool = false, resuming: Resuming = .off
    ) {
        self.begun = begun
        partial = PartialAnswer(thoughtIsOver: begun.isBehindThinking)
        progress = partial.progress
        self.limit = limit
        self.obstacle = obstacle
        self.hasTools = hasTools
        self.repeatsBlanks = repeatsBlanks
        self.hidesTokenIDs = hidesTokenIDs
        self.resuming = resuming
    }

    /// Whether the rounds go on where their length cuts them.
    private var goesOn: Bool { limit > 0 && obstacle == nil }

    /// Which parts may be joined that arrive together: an echo is looked for in the first one.
    var joining: PartJoining {
        if !begun.echo.isEmpty { return .off }
        return hidesTokenIDs ? .textsWithTokens : .texts
    }

    /// Takes the next parts of a round in and leaves what of them can be read.
    mutating func join(_ parts: inout [AnswerPart]) {
        roundHasBegun = true
        if begun.echo.isEmpty { return joinAnswers(&parts) }
        var ready: [AnswerPart] = []
        for var part in parts {
            if let echo = begun.takeEcho(from: &part) { ready.append(echo) }
            var answer = [part]
            joinAnswers(&answer)
            ready += answer
        }
        parts = ready
    }

    private mutating func joinAnswers(_ parts: inout [AnswerPart]) {
        let keeps = limit > 0 || resuming.isPossible
        // Changed in their place, so that what they hold is not copied.
        for index in parts.indices {
            if begun.isBehindThinking { parts[index].takeThinkingForText() }
            if keeps { note(&parts[index]) }
        }
        guard keeps, goesOn || resuming.isPossible, !areReady(parts) else { return }
        var ready: [AnswerPart] = []
        ready.reserveCapacity(parts.count)
        for index in parts.indices {
            // Taken out, so that what is held back of it is not copied with the rest.
            var part = AnswerPart(choices: [])
            swap(&part, &parts[index])
            hold(part, &ready)
        }
        parts = ready
    }

    /// Whether nothing of the parts, or before them, has to wait for what follows.
    private func areReady(_ parts: [AnswerPart]) -> Bool {
        let parts = parts.span
        return held.isEmpty && parts.indices.allSatisfy { !parts[$0].isHeld(withBlanks: repeatsBlanks) }
    }

    private mutating func note(_ part: inout AnswerPart) {
        if let id = part.id { responseID = id }
        if case .some = part.usage {
            roundUsage = part.usage
            part.usage = nil
        }
        if hidesTokenIDs { part.promptTokenIDs = nil }
        for index in part.choices.indices {
            if part.choices.span[index].index == 0 { partial.add(part.choices.span, at: index) }
            if hidesTokenIDs, part.choices.span[index].hasTokenIDs { part.choices[index].leaveOutTokenIDs() }
            guard limit > 0, part.choices.span[index].finishReason == "length" else { continue }
            isCut = true
            if obstacle == nil { part.choices[index].finishReason = nil }
        }
    }

    private mutating func hold(_ part: consuming AnswerPart, _ ready: inout [AnswerPart]) {
        switch repeatsBlanks ? part.takeTail() : .none {
        case .none: show(part, &ready)
        case .all: held.append(part)
        case .some(let blanks):
            show(part, &ready)
            held.append(blanks)
        }
        if held.isFull { ready += held.take() }
    }

    private mutating func show(_ part: consuming AnswerPart, _ ready: inout [AnswerPart]) {
        if part.saysSomething {
            if !held.isEmpty { ready += held.take() }
            ready.append(part)
        } else if held.isEmpty, !part.hasTokens {
            ready.append(part)
        } else {
            // Tokens that do not show, such as the end of a thought, stay in their order, and are made anew where the round breaks off.
            held.append(part)
        }
    }

    /// The source of a round has ended.
    mutating func endRound() -> Outcome {
        guard limit > 0 || resuming.isPossible else { return .over([]) }
        countRound()
        guard isCut else { return end() }
        if let obstacle = obstacle ?? obstacleOfRound {
            problem = obstacle
            return end()
        }
        guard count < limit else { return end() }
        count += 1
        isCut = false
        progress = partial.progress
        leaveRound()
        partial.beginRound()
        return .next(partial)
    }

    /// Makes ready for what goes on behind what there is.
    mutating func leaveRound() {
        roundHasBegun = false
        held = HeldParts()
        begun = BegunAnswer(isBehindThinking: partial.thoughtIsOver)
        if repeatsBlanks { partial.leaveOutTrailingBlanks() }
    }

    /// The stream goes on that had broken off, behind so many tokens of its round.
    mutating func resumed(behind count: Int?) {
        resumeCount += 1
        brokenParts.add(tokens: count)
    }

    /// The round is over: what it took is that of all its parts.
    private mutating func countRound() {
        let broken = brokenParts.usage(before: roundUsage)
        brokenParts = BrokenParts()
        usage = CompletionUsage.sum(usage, broken.usage)
        if !broken.isComplete { usageIsIncomplete = true }
        sumUsage()
    }

    mutating func sumUsage() {
        brokenParts.isTold = roundUsage != nil
        usage = CompletionUsage.sum(usage, roundUsage)
        if let tokens = roundUsage?.totalTokens { tokensOfRound = tokens }
        roundUsage = nil
    }

    /// A round behind the first one has failed: the answer is what there is of it.
    mutating func fail(_ error: ProviderError) -> [AnswerPart] {
        problem = error.message
        isCut = true
        countRound()
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
        var parts = held.take()
        var choices: [AnswerPart.Choice] = []
        if isCut, goesOn { choices = [AnswerPart.Choice(index: 0, finishReason: "length")] }
        isCut = false
        if !choices.isEmpty || usage != nil { parts.append(AnswerPart(choices: choices, usage: usage)) }
        usage = nil
        return .over(parts)
    }

    /// What the answer's end is to say of this.
    func note(in finish: inout ResponseFinish) {
        if count > 0 { finish.metadata["vllm:continuation_count"] = .integer(count) }
        if resumeCount > 0 { finish.metadata["vllm:resume_count"] = .integer(resumeCount) }
        if usageIsIncomplete { finish.metadata["vllm:usage_incomplete"] = true }
        guard let problem else { return }
        let told = Degradation(
            requested: "continuation: \(limit)", actual: count == 0 ? "no continuation" : "\(count) continuation\(count == 1 ? "" : "s")",
            reason: problem)
        finish.degradation = Degradation(joining: [finish.degradation, told].compactMap { $0 })
    }
}

/// One choice being generated: a token a step, with vLLM's order of what ends it and of what text is held back. It does no I/O.
struct Generation {
    /// Why and with what a generation ended.
    struct Finish {
        enum Reason: String {
            case stop, length
        }

        /// What `stop_reason` shows.
        enum Cause {
            case none
            case text(String)
            case token(Int)
        }

        var reason: Reason
        var cause = Cause.none
    }

    /// What one step adds.
    struct Step {
        var tokens: [Int] = []
        var text = ""
        var finish: Finish?
    }

    private let output: TinyModel.Output
    private let rules: SampleRules
    private var place = 0
    private var texts = TokenTexts()
    private var stopping: StopTexts
    /// The tokens so far.
    private(set) var tokens: [Int] = []
    /// How it ended, once it has.
    private(set) var finish: Finish?

    /// A generation that gives out what the model says until a rule ends it.
    init(_ output: TinyModel.Output, rules: SampleRules) {
        self.output = output
        self.rules = rules
        stopping = StopTexts(rules.stops, includesStop: rules.includesStop)
    }

    /// The next token; `nil` after the end.
    mutating func step() -> Step? {
        guard finish == nil else { return nil }
        let token = nextToken()
        tokens.append(token)
        let isEnd = token == Tokenizer.endOfTurn || token == Tokenizer.endOfText
        if isEnd, !rules.ignoresEnd {
            finish = Finish(reason: .stop, cause: token == Tokenizer.endOfTurn ? .none : .token(token))
        } else if rules.stopTokens.contains(token), tokens.count >= rules.minTokens {
            finish = Finish(reason: .stop, cause: .token(token))
        } else if tokens.count >= rules.maxTokens {
            finish = Finish(reason: .length)
        }
        // The token that stopped it is no text, a token that merely came last is.
        let isHidden = finish?.reason == .stop && !rules.includesStop || rules.skipsSpecialTokens && Tokenizer.tiny.isSpecial(token)
        let added = isHidden ? "" : texts.text(of: Tokenizer.tiny.bytes(of: token))
        stopping.append(added)
        if tokens.count >= rules.minTokens, let stop = stopping.cut() { finish = Finish(reason: .stop, cause: .text(stop)) }
        return Step(tokens: [token], text: stopping.release(all: finish != nil), finish: finish)
    }

    private mutating func nextToken() -> Int {
        var token = peek()
        let isEnd = token == Tokenizer.endOfTurn || token == Tokenizer.endOfText
        if isEnd, !rules.ignoresEnd, tokens.count < rules.minTokens - 1 {
            place += 1
            token = peek()
        }
        place += 1
        return token
    }

    private func peek() -> Int {
        place < output.tokens.count ? output.tokens[place] : output.loop[(place - output.tokens.count) % output.loop.count]
    }

}

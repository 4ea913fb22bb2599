import JSON

/// The tiny model: a prompt in, tokens out. It knows its dialogues by heart and says that it was not taught anything else.
struct TinyModel {
    /// What the server makes of an answer beyond sampling.
    struct Demands {
        var constraint: Constraint?
        /// Whether the constraint holds from the first token on, so that there is no thought.
        var constrainsAll = false
        var forcedCall: ForcedCall?
        /// Whether only the first tool call is made.
        var onlyOneCall = false
        /// After how many tokens a thought is cut.
        var thinkingBudget: Int?
    }

    /// A call that `tool_choice` demands.
    struct ForcedCall {
        /// The tool, or `nil` where any will do.
        var name: String?
        var tools: [JSONValue]
    }

    /// The tokens of an answer.
    struct Output {
        /// All tokens up to the end of the turn, with it.
        var tokens: [Int]
        /// What comes again and again when the end of the turn is ignored.
        var loop: [Int]
        /// Where two tokens were likely: the place of the first, and both with their probabilities.
        var fork: (place: Int, sides: [(token: Int, probability: Double)])?
    }

    private static let tokenizer = Tokenizer.tiny
    private static let dialogues = Dialogues.tiny

    /// What the model says after a prompt.
    /// - Parameter choice: which of the answers to one prompt this is, from 0.
    static func answer(to prompt: String, rules: SampleRules, demands: Demands = Demands(), choice: Int = 0) -> Output {
        guard let conversation = Conversation(prompt: prompt) else { return continuation(of: prompt, demands.constraint) }
        var answer = dialogues.answer(to: conversation)
        let asksForCoin = dialogues.asksForCoin(conversation)
        if asksForCoin {
            answer = Dialogues.Answer(thought: dialogues.coin.thought, text: dialogues.coin.sides[side(rules, choice)].text)
        }
        if let forced = demands.forcedCall { answer = force(forced, on: answer) }
        if demands.onlyOneCall { answer.calls = Array(answer.calls.prefix(1)) }
        if let constraint = demands.constraint { answer.text = constraint.fit(answer.text) }
        // A constraint starts right behind the thought, so that the blank line is not there.
        let gap = demands.constraint == nil && demands.forcedCall == nil ? "\n\n" : ""
        if demands.constrainsAll {
            return Output(tokens: tokenizer.encode(answer.text) + [Tokenizer.endOfTurn], loop: [Tokenizer.endOfTurn])
        }
        let tokens = tokens(of: answer, gap: gap, begun: conversation.begun, budget: demands.thinkingBudget)
        let loop = tokenizer.encode(answer.saidText) + [Tokenizer.endOfTurn]
        var output = Output(tokens: tokens + [Tokenizer.endOfTurn], loop: loop)
        if asksForCoin { output.fork = fork(in: output, behind: tokens.count - loop.count + 1) }
        return output
    }

    private static func tokens(of answer: Dialogues.Answer, gap: String, begun: String, budget: Int?) -> [Int] {
        let said = answer.saidText
        let thought = "<think>\n\(answer.thought)\n</think>"
        let whole = thought + gap + said
        if begun.isEmpty, let budget {
            let cut = tokenizer.encode(thought).dropLast().prefix(max(0, min(budget, 1 << 20)) + 1)
            return cut + tokenizer.encode("</think>" + gap + said)
        }
        if whole.hasPrefix(begun) { return tokenizer.encode(String(whole.dropFirst(begun.count))) }
        let parts = begun.split(separator: "</think>", maxSplits: 1, omittingEmptySubsequences: false)
        let started = (parts.count == 2 ? parts[1] : begun[...]).drop { $0 == "\n" }
        if begun.hasSuffix("</think>") { return tokenizer.encode(gap + said) }
        return tokenizer.encode(said.hasPrefix(started) ? String(said.dropFirst(started.count)) : said)
    }

    private static func continuation(of prompt: String, _ constraint: Constraint?) -> Output {
        let known = dialogues.completions.first { (known, text) in
            prompt.utf8.count >= known.utf8.count && (known + text).utf8.starts(with: prompt.utf8)
                && known.utf8.count + text.utf8.count > prompt.utf8.count
        }
        var text = known.map { String(decoding: ($0.prompt + $0.text).utf8.dropFirst(prompt.utf8.count), as: UTF8.self) }
        if let constraint { text = constraint.fit(text ?? "") }
        let tokens = tokenizer.encode(text ?? " " + dialogues.fallback.text)
        // Constrained decoding ends with the first of the two end tokens.
        let end = constraint == nil ? Tokenizer.endOfText : Tokenizer.endOfTurn
        return Output(tokens: tokens + [end], loop: tokens + [end])
    }

    private static func force(_ forced: ForcedCall, on answer: Dialogues.Answer) -> Dialogues.Answer {
        let calls = answer.calls.filter { forced.name == nil || $0["name"]?.string == forced.name }
        let own = Dialogues.Answer(thought: answer.thought, text: "", calls: forced.name == nil ? calls : Array(calls.prefix(1)))
        guard calls.isEmpty else { return own }
        let tool = forced.tools.first { forced.name == nil || $0["function"]?["name"]?.string == forced.name }
        let function = tool?["function"] ?? .null
        let arguments = SchemaSample(schema: function["parameters"] ?? ["type": "object"]).value
        return Dialogues.Answer(
            thought: answer.thought, text: "",
            calls: [["name": function["name"] ?? "", "arguments": arguments.object == nil ? [:] : arguments]])
    }

    /// Which side the coin shows: the likelier one when sampling is greedy; the same one for the same seed.
    private static func side(_ rules: SampleRules, _ choice: Int) -> Int {
        let sides = dialogues.coin.sides
        guard rules.temperature > 0 else { return 0 }
        let seed = rules.seed.map { UInt64(bitPattern: Int64($0)) } ?? UInt64.random(in: 0 ... .max)
        var roll = Int(Scramble.mix(seed &* 31 &+ UInt64(choice) &+ 14) % UInt64(max(1, sides.map(\.weight).reduce(0, +))))
        for (index, side) in sides.enumerated() {
            roll -= side.weight
            if roll < 0 { return index }
        }
        return 0
    }

    private static func fork(in output: Output, behind place: Int) -> (place: Int, sides: [(token: Int, probability: Double)])? {
        let total = Double(dialogues.coin.sides.map(\.weight).reduce(0, +))
        guard output.tokens.indices.contains(place) else { return nil }
        let sides = dialogues.coin.sides.compactMap { side in
            tokenizer.encode(side.text).first.map { (token: $0, probability: Double(side.weight) / total) }
        }
        return (place, sides)
    }
}

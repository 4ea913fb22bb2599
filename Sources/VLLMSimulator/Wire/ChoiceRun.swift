import JSON

/// One choice in the making: its generation, gathered to the intervals of its stream.
struct ChoiceRun {
    /// Its place among the choices.
    let index: Int
    private let interval: Int
    private var generation: Generation
    /// Writes its log-probabilities, if they are asked for.
    var logprobs: LogprobWriter?

    init(index: Int, output: TinyModel.Output, fields: GenerationFields) {
        self.index = index
        interval = fields.streamInterval
        generation = Generation(output, rules: fields.rules)
        logprobs = fields.logprobs.map { LogprobWriter(count: $0, showsTokensAsIDs: fields.showsTokensAsIDs, fork: output.fork) }
    }

    /// All tokens so far.
    var tokens: [Int] { generation.tokens }

    /// How it ended, once it has.
    var finish: Generation.Finish? { generation.finish }

    /// What the next event of a stream holds: the first token alone, then as many as the interval says; `nil` after the end.
    mutating func next() -> Generation.Step? {
        guard var gathered = generation.step() else { return nil }
        let isFirst = generation.tokens.count == 1
        while !isFirst, gathered.tokens.count < interval, gathered.finish == nil, let step = generation.step() {
            gathered.tokens += step.tokens
            gathered.text += step.text
            gathered.finish = step.finish
        }
        return gathered
    }

    /// Everything at once: the text.
    mutating func finishAll() -> String {
        var text = ""
        while let step = generation.step() { text += step.text }
        return text
    }
}

extension Generation.Finish {
    /// `stop_reason` on the wire.
    var stopReason: JSONValue {
        switch cause {
        case .none: .null
        case .text(let text): .string(text)
        case .token(let token): .integer(token)
        }
    }
}

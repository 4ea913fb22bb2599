import VLLMClient

/// What is known of an answer, or a round of it, before it comes: what the model goes on with, and what of that the server says again.
struct BegunAnswer {
    /// The model's reasoning is over: all that comes is text. A server's parser that finds no end of reasoning in an answer takes it for
    /// reasoning (qwen3, vLLM 0.32).
    var isBehindThinking = false
    /// What the server puts before a chat's answer (`echo`).
    var echo = ""
    /// The choices that have begun.
    private var begun: Set<Int> = []

    init(isBehindThinking: Bool = false, echo: String = "") {
        self.isBehindThinking = isBehindThinking
        self.echo = echo
    }

    /// Takes what is echoed out of a part, so that it holds what is answered.
    mutating func takeEcho(from part: inout AnswerPart) -> AnswerPart? {
        var echoed: [AnswerPart.Choice] = []
        for index in part.choices.indices where part.choices[index].saysSomething {
            let number = part.choices[index].index
            guard begun.insert(number).inserted, let text = part.choices[index].text, text.utf8.starts(with: echo.utf8) else { continue }
            echoed.append(AnswerPart.Choice(index: number, text: echo))
            part.choices[index].text = String(text.utf8.dropFirst(echo.utf8.count))
        }
        return echoed.isEmpty ? nil : AnswerPart(id: part.id, model: part.model, created: part.created, choices: echoed)
    }
}

extension AnswerPart {
    /// Takes what the server has for reasoning for text.
    mutating func takeThinkingForText() {
        for index in choices.indices {
            guard let thinking = choices[index].thinking else { continue }
            choices[index].text = thinking + (choices[index].text ?? "")
            choices[index].thinking = nil
        }
        if usage?.reasoningTokens != nil { usage?.reasoningTokens = 0 }
    }
}

import JSON
import VLLMClient

extension CallPlan {
    /// The message that the model is to go on with, where it is (`continue_final_message`).
    var begunMessage: JSONObject? { options.template.continueFinalMessage == true ? messages.last : nil }

    /// Its text.
    var begunText: String? {
        let content = begunMessage?["content"]
        return content?.string ?? content?.array?.last?["text"]?.string
    }

    /// What is known of a chat's answer before it comes.
    var begunAnswer: BegunAnswer {
        guard endpoint == .chat else { return BegunAnswer() }
        return BegunAnswer(isBehindThinking: goesOnBehindThinking, echo: echo)
    }

    /// Whether the server's word on what is reasoning is needed to tell the answer's text, also where reasoning is not told: without it
    /// text that the server takes for reasoning would be lost (vLLM 0.32).
    var needsReasoning: Bool { begunMessage != nil || options.continuation > 0 }

    private var goesOnBehindThinking: Bool {
        guard options.markup.thinking != .open, let begunMessage else { return false }
        if let text = begunText?.withoutTrailingBlanks, !text.isEmpty { return !Self.endsInThinking(text) }
        return begunMessage["reasoning"]?.string?.isEmpty == false
    }

    /// What the server repeats of the last message: its text, where the answer has the same role.
    private var echo: String {
        guard options.echoes == true, let last = messages.last else { return "" }
        let hasSameRole = last["role"] == "assistant" || options.template.addGenerationPrompt == false
        return hasSameRole ? last["content"]?.string ?? "" : ""
    }

    /// Whether a text that the model has begun is inside its reasoning.
    static func endsInThinking(_ text: String) -> Bool {
        var splitter = MarkupSplitter(splitsThinking: true, startsInThinking: false, format: nil, tools: OfferedTools())
        var pieces: [MarkupPiece] = []
        splitter.consume(text, to: &pieces)
        return splitter.isThinking
    }
}

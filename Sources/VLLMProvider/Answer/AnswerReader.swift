import JSON
import ProviderKit
import VLLMClient

/// Reads a server's answer part by part and says what it means as events: the same for both endpoints, streamed or not.
struct AnswerReader {
    /// What the text of an answer may hold besides text.
    struct Markup {
        /// The prompt ended with `<think>`, so that the answer begins inside.
        var startsInThinking = false
        /// Tool calls are markup in the text: the server does not parse them.
        var hasToolCalls = false
        /// Thoughts are left out of what is told (`include_reasoning: false`).
        var omitsThinking = false
    }

    private struct Choice {
        var splitter: MarkupSplitter
        /// The server tells reasoning apart, so what is text is text.
        var hasServerThinking = false
        var finishReason: String?
    }

    private let requestedModel: String
    private let markup: Markup
    private let degradations: [Degradation]
    private let pricing: Pricing?
    private var assembler = AnswerAssembler()
    private var choices: [Int: Choice] = [:]
    private var hasStarted = false
    private var usage: CompletionUsage?
    private var metadata = AnswerMetadata()
    private var tokens: AnswerTokens

    /// - Parameters:
    ///   - pricing: what tokens cost, where that is known.
    ///   - expectsLogprobs: log-probabilities were asked for.
    init(
        model: String = "", markup: Markup = Markup(), degradations: [Degradation] = [], pricing: Pricing? = nil,
        expectsLogprobs: Bool = false
    ) {
        requestedModel = model
        self.markup = markup
        self.degradations = degradations
        self.pricing = pricing
        tokens = AnswerTokens(expectsLogprobs: expectsLogprobs)
    }

    /// Takes a part in and appends what follows from it.
    /// - Throws: `ProviderError` with the code `invalidToolCall`, or `stream` where the server says that it failed.
    mutating func read(_ part: AnswerPart, to events: inout [ProviderEvent]) throws(ProviderError) {
        if !hasStarted {
            hasStarted = true
            events.append(.started(ResponseStart(id: part.id, model: part.model ?? requestedModel)))
        }
        if let usage = part.usage { self.usage = usage }
        metadata.read(part)
        let start = events.count
        do throws(ProviderError) {
            for choice in part.choices { try read(choice, to: &events) }
        } catch {
            // What the server has said of tokens belongs to the partial answer.
            tokens.read(part, from: start, to: &events)
            tokens.finish(to: &events)
            throw error
        }
        tokens.read(part, from: start, to: &events)
    }

    /// The answer is over: tells usage and finish.
    /// - Throws: `ProviderError` with the code `stream`, when the server did not say why it ended.
    mutating func finish(to events: inout [ProviderEvent]) throws(ProviderError) {
        guard !choices.isEmpty, choices.values.allSatisfy({ $0.finishReason != nil }) else {
            throw ProviderError(.stream, "the answer ended without a finish reason")
        }
        tokens.finish(to: &events)
        if let usage = usage.flatMap({ Usage($0, pricing: pricing) }) { events.append(.usage(usage)) }
        events.append(
            .finished(
                ResponseFinish(
                    reason: finishReason(of: 0), degradation: Degradation(joining: degradations),
                    metadata: metadata.json(finishReason: finishReason(of:)))))
    }

    private mutating func read(_ part: AnswerPart.Choice, to events: inout [ProviderEvent]) throws(ProviderError) {
        guard 0..<BlockStart.choiceLimit ~= part.index else {
            throw ProviderError(.stream, "the answer has a choice of number \(part.index)", isRetryable: false)
        }
        var choice = choices.removeValue(forKey: part.index) ?? newChoice
        defer { choices[part.index] = choice }
        if let thinking = part.thinking, !thinking.isEmpty {
            choice.hasServerThinking = true
            if !markup.omitsThinking { try assembler.add(.thinking(thinking), choice: part.index, to: &events) }
        }
        if let text = part.text, !text.isEmpty {
            if choice.hasServerThinking {
                try assembler.add(.text(text), choice: part.index, to: &events)
            } else {
                var parts: [MarkupSplitter.Part] = []
                choice.splitter.consume(text) { parts.append($0) }
                try add(parts, choice: part.index, to: &events)
            }
        }
        for call in part.toolCalls {
            let piece = AnswerAssembler.Piece.toolCall(index: call.index, id: call.id, name: call.name, arguments: call.arguments)
            try assembler.add(piece, choice: part.index, to: &events)
        }
        if let reason = part.finishReason {
            choice.finishReason = reason
            if reason == FinishReason.failure {
                throw ProviderError(.stream, "the server failed while it answered (finish_reason: \(reason))")
            }
            try end(&choice, part.index, to: &events)
        }
    }

    private var newChoice: Choice {
        Choice(splitter: MarkupSplitter(startsInThinking: markup.startsInThinking, parsesToolCalls: markup.hasToolCalls))
    }

    private mutating func end(_ choice: inout Choice, _ index: Int, to events: inout [ProviderEvent]) throws(ProviderError) {
        let wasCut = FinishReason.isCut(choice.finishReason)
        var parts: [MarkupSplitter.Part] = []
        choice.splitter.finish { parts.append($0) }
        if case .incompleteToolCall(let raw) = parts.last {
            parts.removeLast()
            try add(parts, choice: index, to: &events)
            if wasCut {
                let call = ToolArguments.parseIncompleteMarkup(raw)
                let piece = AnswerAssembler.Piece.toolCall(index: -1, id: nil, name: call.name, arguments: call.arguments)
                try assembler.add(piece, choice: index, to: &events)
            } else {
                // Models end their turn without the closing tag, too.
                try add([.toolCall(raw)], choice: index, to: &events)
            }
        } else {
            try add(parts, choice: index, to: &events)
        }
        try assembler.finish(choice: index, wasCut: wasCut, to: &events)
    }

    private mutating func add(
        _ parts: [MarkupSplitter.Part], choice: Int, to events: inout [ProviderEvent]
    ) throws(ProviderError) {
        for part in parts {
            switch part {
            case .text(let text): try assembler.add(.text(text), choice: choice, to: &events)
            case .thinking where markup.omitsThinking: break
            case .thinking(let text): try assembler.add(.thinking(text), choice: choice, to: &events)
            case .toolCall(let raw), .incompleteToolCall(let raw):
                let (name, arguments, text) = try ToolArguments.parseMarkup(raw)
                let call = ToolCall(id: AnswerAssembler.newCallID(), name: name, arguments: arguments)
                try assembler.add(.wholeToolCall(call, rawArguments: text), choice: choice, to: &events)
            }
        }
    }

    private func finishReason(of index: Int) -> String? {
        choices[index]?.finishReason.map { FinishReason.normalized($0, hasToolCalls: assembler.hasToolCalls(choice: index)) }
    }
}

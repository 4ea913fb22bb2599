import JSON
import ProviderKit
import VLLMClient

/// Reads a server's answer part by part and says what it means as events: the same for both endpoints, streamed or not.
struct AnswerReader {
    /// What the text of an answer may hold besides text.
    struct Markup {
        /// The text begins inside the reasoning.
        var startsInThinking = false
        /// Whether `<think>` opens reasoning.
        var splitsThinking = true
        /// How tool calls are written in the text; `nil` where none are looked for.
        var format: ToolCallFormat?
        /// The tools that the model was offered.
        var tools = OfferedTools()
        /// Malformed arguments are repaired.
        var repairsToolCalls = false
        /// Thoughts are left out of what is told (`include_reasoning: false`).
        var omitsThinking = false
        /// The stop tokens that the request asked for.
        var stopTokenIDs: Set<Int> = []
    }

    private struct Choice {
        var splitter: MarkupSplitter
        /// The server tells reasoning apart, so what is text is text.
        var hasServerThinking = false
        /// How many calls there were in the text.
        var callCount = 0
        var finishReason: String?
        var stopReason: JSONValue?
    }

    private let requestedModel: String
    private let markup: Markup
    private let degradations: [Degradation]
    private let pricing: Pricing?
    private let arguments: ToolArguments
    private var assembler: AnswerAssembler
    private var choices = ChoiceValues<Choice>()
    private var hasStarted = false
    private var usage: CompletionUsage?
    private var metadata = AnswerMetadata()
    private var tokens: AnswerTokens
    private var size: AnswerSize
    private let toolCallLimit: Int

    /// - Parameters:
    ///   - pricing: what tokens cost, where that is known.
    ///   - limits: how much the answer may come to.
    ///   - expectsLogprobs: log-probabilities were asked for.
    init(
        model: String = "", markup: Markup = Markup(), degradations: [Degradation] = [], pricing: Pricing? = nil,
        limits: AnswerLimits = AnswerLimits(), expectsLogprobs: Bool = false
    ) {
        requestedModel = model
        self.markup = markup
        arguments = ToolArguments(tools: markup.tools, repairs: markup.repairsToolCalls)
        assembler = AnswerAssembler(arguments: arguments, limits: limits)
        size = AnswerSize(limits)
        toolCallLimit = limits.toolCalls
        self.degradations = degradations
        self.pricing = pricing
        tokens = AnswerTokens(expectsLogprobs: expectsLogprobs)
    }

    /// Takes a part in and appends what follows from it.
    /// - Throws: `ProviderError` with the code `invalidToolCall`, or `stream` where the server says that it failed or a limit is passed.
    mutating func read(_ part: AnswerPart, to events: inout [ProviderEvent]) throws(ProviderError) {
        try read(CollectionOfOne(part).span, at: 0, to: &events)
    }

    /// The same for a part where it stands among others: whoever is given an element of a span gets a copy of it.
    mutating func read(
        _ parts: borrowing Span<AnswerPart>, at index: Int, to events: inout [ProviderEvent]
    ) throws(ProviderError) {
        if !hasStarted {
            hasStarted = true
            events.append(.started(ResponseStart(id: parts[index].id, model: parts[index].model ?? requestedModel)))
        }
        if case .some = parts[index].usage { usage = parts[index].usage }
        metadata.read(parts, at: index)
        do throws(ProviderError) { try size.add(parts, at: index, metadata: metadata.byteCount) } catch {
            // Of this part nothing is kept.
            tokens.finish(to: &events)
            throw error
        }
        let start = events.count
        do throws(ProviderError) {
            let choices = parts[index].choices.span
            for index in choices.indices { try read(choices, at: index, to: &events) }
        } catch {
            // What the server has said of tokens belongs to the partial answer.
            tokens.read(parts, at: index, from: start, to: &events)
            tokens.finish(to: &events)
            throw error
        }
        tokens.read(parts, at: index, from: start, to: &events)
    }

    /// How many choices have told why they ended.
    var finishedChoiceCount: Int { choices.numbers.count { choices[$0]?.finishReason != nil } }

    /// The answer is over: tells usage and finish.
    /// - Throws: `ProviderError` with the code `stream`, when the server did not say why it ended.
    mutating func finish(to events: inout [ProviderEvent]) throws(ProviderError) {
        let numbers = choices.numbers
        guard let first = numbers.first, numbers.allSatisfy({ choices[$0]?.finishReason != nil }) else {
            throw ProviderError(.stream, "the answer ended without a finish reason")
        }
        tokens.finish(to: &events)
        if let usage = usage.flatMap({ Usage($0, pricing: pricing) }) { events.append(.usage(usage)) }
        events.append(
            .finished(
                ResponseFinish(
                    reason: finishReason(of: first), degradation: Degradation(joining: degradations),
                    metadata: responseMetadata)))
    }

    private mutating func read(
        _ parts: borrowing Span<AnswerPart.Choice>, at index: Int, to events: inout [ProviderEvent]
    ) throws(ProviderError) {
        guard 0..<BlockStart.choiceLimit ~= parts[index].index else {
            throw ProviderError(.stream, "the answer has a choice of number \(parts[index].index)", isRetryable: false)
        }
        if try goOn(with: parts, at: index, to: &events) { return }
        let part = parts[index]
        var choice = choices.take(part.index) ?? newChoice
        defer { choices[part.index] = choice }
        if let thinking = part.thinking, !thinking.isEmpty {
            if !choice.hasServerThinking {
                choice.hasServerThinking = true
                choice.splitter.leaveThinkingToServer()
            }
            if !markup.omitsThinking { try assembler.add(.thinking(thinking), choice: part.index, to: &events) }
        }
        if let text = part.text, !text.isEmpty {
            var pieces: [MarkupPiece] = []
            choice.splitter.consume(text, to: &pieces)
            try add(pieces, to: &choice, part.index, &events)
        }
        for call in part.toolCalls {
            guard 0..<toolCallLimit ~= call.index else {
                if call.index < 0 {
                    throw ProviderError(.stream, "the answer has a tool call of number \(call.index)", isRetryable: false)
                }
                throw ProviderError(exceeding: toolCallLimit, of: "max_tool_calls", "the answer has a tool call of number \(call.index)")
            }
            let piece = AnswerAssembler.Piece.toolCall(index: call.index, id: call.id, name: call.name, arguments: call.arguments)
            try assembler.add(piece, choice: part.index, to: &events)
        }
        if let reason = part.shortFinishReason {
            if reason == FinishReason.failure {
                throw ProviderError(.stream, "the server failed while it answered (finish_reason: \(reason))")
            }
            (choice.finishReason, choice.stopReason) = (reason, part.readableStopReason)
            try end(&choice, part.index, to: &events)
        }
    }

    /// Reads a part that only goes on with reasoning that the server told apart, or with text without markup: most parts do no more. It is
    /// looked at where it stands: whoever is given an element of a span gets a copy of it.
    private mutating func goOn(
        with parts: borrowing Span<AnswerPart.Choice>, at index: Int, to events: inout [ProviderEvent]
    ) throws(ProviderError) -> Bool {
        guard parts[index].toolCalls.isEmpty, case .none = parts[index].finishReason else { return false }
        let number = parts[index].index
        let piece: MarkupPiece
        if let thinking = parts[index].thinking, !thinking.isEmpty {
            guard parts[index].text?.isEmpty != false, choices[number]?.hasServerThinking == true else { return false }
            piece = .thinking(thinking)
        } else {
            guard let text = parts[index].text, !text.isEmpty, let passed = choices[number]?.splitter.pass(text) else { return false }
            piece = passed
        }
        switch piece {
        case .thinking(let text) where !markup.omitsThinking:
            try assembler.add(text: text, isThinking: true, choice: number, to: &events)
        case .text(let text): try assembler.add(text: text, isThinking: false, choice: number, to: &events)
        default: break
        }
        return true
    }

    private var newChoice: Choice {
        Choice(
            splitter: MarkupSplitter(
                splitsThinking: markup.splitsThinking, startsInThinking: markup.startsInThinking, format: markup.format, tools: markup.tools
            ))
    }

    private mutating func end(_ choice: inout Choice, _ index: Int, to events: inout [ProviderEvent]) throws(ProviderError) {
        let wasCut = FinishReason.isCut(choice.finishReason, stopReason: choice.stopReason, stopTokenIDs: markup.stopTokenIDs)
        var pieces: [MarkupPiece] = []
        choice.splitter.finish(to: &pieces)
        try add(pieces, to: &choice, index, wasCut: wasCut, &events)
        try assembler.finish(choice: index, wasCut: wasCut, to: &events)
    }

    private mutating func add(
        _ pieces: [MarkupPiece], to choice: inout Choice, _ index: Int, wasCut: Bool = false, _ events: inout [ProviderEvent]
    ) throws(ProviderError) {
        for piece in pieces { try add(piece, to: &choice, index, wasCut: wasCut, &events) }
    }

    /// Adds what a piece of markup means. Calls in the text are numbered downwards, apart from those that the server tells.
    private mutating func add(
        _ piece: MarkupPiece, to choice: inout Choice, _ index: Int, wasCut: Bool, _ events: inout [ProviderEvent]
    ) throws(ProviderError) {
        switch piece {
        case .text(let text): try assembler.add(.text(text), choice: index, to: &events)
        case .thinking(let text): if !markup.omitsThinking { try assembler.add(.thinking(text), choice: index, to: &events) }
        case .callStarted(let name, let id):
            choice.callCount += 1
            try assembler.add(
                .toolCall(index: -choice.callCount, id: id, name: name, arguments: nil), choice: index, to: &events)
        case .callArguments(let text):
            try assembler.add(
                .toolCall(index: -choice.callCount, id: nil, name: nil, arguments: text), choice: index, to: &events)
        case .callEnded: try assembler.add(.toolCallEnded(index: -choice.callCount), choice: index, to: &events)
        case .unreadableCall(let call):
            let number = -choice.callCount - 1
            switch try arguments.meaning(of: call, wasCut: wasCut) {
            case .text: try assembler.add(.text(call.text), choice: index, to: &events)
            case .incomplete(let name):
                choice.callCount += 1
                try assembler.add(.toolCall(index: number, id: nil, name: name, arguments: call.body), choice: index, to: &events)
            case .call(let name, let text, let repair):
                choice.callCount += 1
                try assembler.add(.toolCall(index: number, id: nil, name: name, arguments: text), choice: index, to: &events)
                try assembler.add(.toolCallEnded(index: number, repair: repair), choice: index, to: &events)
            }
        }
    }

    private var responseMetadata: JSONObject {
        var json = metadata.json(finishReason: finishReason(of:))
        if !assembler.repairedCalls.isEmpty { json["repaired_tool_calls"] = .array(assembler.repairedCalls) }
        if !assembler.renamedCalls.isEmpty { json["renamed_tool_calls"] = .array(assembler.renamedCalls) }
        return json
    }

    private func finishReason(of index: Int) -> String? {
        choices[index]?.finishReason.map { FinishReason.normalized($0, hasToolCalls: assembler.hasToolCalls(choice: index)) }
    }
}

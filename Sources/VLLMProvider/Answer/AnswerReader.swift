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
        var stopReason: JSONValue?
    }

    private let requestedModel: String
    private let markup: Markup
    private let degradations: [Degradation]
    private var assembler = AnswerAssembler()
    private var choices: [Int: Choice] = [:]
    private var hasStarted = false
    private var usage: CompletionUsage?
    private var id: String?
    private var systemFingerprint: String?

    init(model: String = "", markup: Markup = Markup(), degradations: [Degradation] = []) {
        requestedModel = model
        self.markup = markup
        self.degradations = degradations
    }

    /// Takes a part in and appends what follows from it.
    /// - Throws: `ProviderError` with the code `invalidToolCall`.
    mutating func read(_ part: AnswerPart, to events: inout [ProviderEvent]) throws(ProviderError) {
        if !hasStarted {
            hasStarted = true
            id = part.id
            events.append(.started(ResponseStart(id: part.id, model: part.model ?? requestedModel)))
        }
        if let usage = part.usage { self.usage = usage }
        if let fingerprint = part.systemFingerprint { systemFingerprint = fingerprint }
        for choice in part.choices { try read(choice, to: &events) }
    }

    /// The answer is over: tells usage and finish.
    /// - Throws: `ProviderError` with the code `stream`, when the server did not say why it ended.
    mutating func finish(to events: inout [ProviderEvent]) throws(ProviderError) {
        guard !choices.isEmpty, choices.values.allSatisfy({ $0.finishReason != nil }) else {
            throw ProviderError(.stream, "the answer ended without a finish reason")
        }
        if let usage = usage.flatMap({ Usage($0) }) { events.append(.usage(usage)) }
        events.append(
            .finished(ResponseFinish(reason: finishReason(of: 0), degradation: Degradation(joining: degradations), metadata: metadata)))
    }

    private mutating func read(_ part: AnswerPart.Choice, to events: inout [ProviderEvent]) throws(ProviderError) {
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
        if let logprobs = part.logprobs, !logprobs.tokens.isEmpty {
            events.append(.logprobs(logprobs.tokens.compactMap { TokenLogprob($0, choice: part.index) }))
        }
        if let reason = part.finishReason {
            choice.finishReason = reason
            choice.stopReason = part.stopReason
            try end(&choice, part.index, to: &events)
        }
    }

    private var newChoice: Choice {
        Choice(splitter: MarkupSplitter(startsInThinking: markup.startsInThinking, parsesToolCalls: markup.hasToolCalls))
    }

    private mutating func end(_ choice: inout Choice, _ index: Int, to events: inout [ProviderEvent]) throws(ProviderError) {
        let wasCut = choice.finishReason == "length" || choice.finishReason == "abort"
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

    /// vLLM says `stop` for a call that was forced, and so does every completion that ends in a call: a call is a call.
    private func finishReason(of index: Int) -> String? {
        guard let raw = choices[index]?.finishReason else { return nil }
        return raw == "stop" && assembler.hasToolCalls(choice: index) ? "tool_calls" : raw
    }

    private var metadata: JSONObject {
        var metadata: JSONObject = [:]
        if let id { metadata["vllm:response_id"] = .string(id) }
        if let reason = choices[0]?.finishReason { metadata["vllm:finish_reason"] = .string(reason) }
        if let reason = choices[0]?.stopReason, !reason.isNull { metadata["vllm:stop_reason"] = reason }
        if let systemFingerprint { metadata["vllm:system_fingerprint"] = .string(systemFingerprint) }
        if choices.count > 1 {
            metadata["vllm:choices"] = .array(
                choices.sorted { $0.key < $1.key }.map { index, choice in
                    [
                        "index": .integer(index), "finish_reason": finishReason(of: index).map { .string($0) } ?? .null,
                        "stop_reason": choice.stopReason ?? .null,
                    ]
                })
        }
        return metadata
    }
}

extension Usage {
    /// vLLM's counts in the contract's words; `nil` where the server told none.
    init?(_ usage: CompletionUsage) {
        guard let input = usage.promptTokens else { return nil }
        self.init(inputTokens: input, outputTokens: usage.completionTokens ?? 0)
        totalTokens = usage.totalTokens ?? totalTokens
        reasoningTokens = usage.reasoningTokens
        cacheReadTokens = usage.cachedTokens
        cacheWriteTokens = usage.createdCacheTokens
        multimodalTokens = usage.multimodalTokens
    }
}

extension TokenLogprob {
    /// A token of either endpoint; `nil` for one without a log-probability, as the first of an echoed prompt is.
    init?(_ token: TokenLogprobs.Token, choice: Int) {
        guard let logprob = token.logprob else { return nil }
        self.init(
            token: token.token, logprob: logprob, bytes: token.bytes,
            topLogprobs: token.top.map { Alternative(token: $0.token, logprob: $0.logprob, bytes: $0.bytes) }, choice: choice)
    }
}

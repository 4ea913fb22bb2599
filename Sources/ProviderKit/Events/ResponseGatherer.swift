import JSON

/// Puts an answer together from its events; at any time it holds what has arrived so far.
public struct ResponseGatherer: Sendable {
    private struct Slot {
        let start: BlockStart
        /// What has come of the block, until it is complete.
        var text = ""
        var block: ContentBlock?
    }

    private var slots: [Slot] = []
    private var logprobs: [TokenLogprob] = []
    private var promptTokens = PromptTokens()
    private var tokenIDs: [Int: [Int]] = [:]
    /// What the call took, as far as that is told.
    package private(set) var usage: Usage?
    private var finish: ResponseFinish?

    /// A gatherer that has seen nothing.
    public init() {}

    /// Whether anything of the answer's content has arrived.
    public var hasContent: Bool { !slots.isEmpty }

    /// Takes the next events in.
    public mutating func add(_ events: [ProviderEvent]) {
        let events = events.span
        for index in events.indices { add(events, at: index) }
    }

    /// Takes the next event in.
    public mutating func add(_ event: ProviderEvent) { add(CollectionOfOne(event).span, at: 0) }

    /// Takes an event in where it stands among others: whoever is given an element of a span gets a copy of it.
    private mutating func add(_ events: borrowing Span<ProviderEvent>, at index: Int) {
        switch events[index] {
        case .started: break
        case .blockStarted(let start): slots.append(Slot(start: start))
        case .blockDelta(let index, let text):
            if slots.indices.contains(index), slots[index].block == nil { slots[index].text += text }
        case .blockEnded(let index, let block):
            guard slots.indices.contains(index) else { return }
            slots[index].text = ""
            slots[index].block = block
        case .logprobs(let tokens):
            let tokens = tokens.span
            for index in tokens.indices { logprobs.append(tokens[index]) }
        case .promptTokens(let tokens):
            promptTokens.ids = tokens.ids ?? promptTokens.ids
            promptTokens.logprobs = tokens.logprobs ?? promptTokens.logprobs
        case .tokenIDs(let choice, let ids):
            // The lists are as many as the largest number says, which may be a server's.
            if 0..<BlockStart.choiceLimit ~= choice { tokenIDs[choice, default: []] += ids }
        case .usage(let usage): self.usage = usage
        case .finished(let finish): self.finish = finish
        }
    }

    /// The answer so far. A tool call that was not completed is no block: its name and the text of its arguments stand in
    /// `metadata["incomplete_tool_calls"]`.
    public var response: ChatResponse {
        var content: [ContentBlock] = []
        var incomplete: [JSONValue] = []
        // Where the block of a slot stands in the content.
        var places: [Int?] = []
        for slot in slots {
            places.append(content.count)
            if let block = slot.block {
                content.append(block)
                continue
            }
            let additional: JSONObject = slot.start.choice == 0 ? [:] : ["choice": .integer(slot.start.choice)]
            switch slot.start.kind {
            case .text: content.append(.text(TextBlock(slot.text, additional: additional)))
            case .thinking: content.append(.thinking(ThinkingBlock(slot.text, visibility: .internal, additional: additional)))
            case .toolCall(let id, let name):
                places[places.count - 1] = nil
                incomplete.append(["id": .string(id), "name": .string(name), "raw_arguments": .string(slot.text)])
            }
        }
        var metadata = finish?.metadata ?? [:]
        if !incomplete.isEmpty { metadata["incomplete_tool_calls"] = .array(incomplete) }
        var response = ChatResponse(
            content: content, usage: usage, finishReason: finish?.reason, metadata: metadata.isEmpty ? nil : metadata,
            logprobs: logprobs.isEmpty ? nil : placed(at: places))
        response.degradation = finish?.degradation
        response.promptLogprobs = promptTokens.logprobs
        response.promptTokenIDs = promptTokens.ids
        if let last = tokenIDs.keys.max() { response.tokenIDs = (0...last).map { tokenIDs[$0] ?? [] } }
        return response
    }

    /// The tokens choice by choice, however they came, with the numbers that their blocks have in the content.
    private func placed(at places: [Int?]) -> [TokenLogprob] {
        var tokens = logprobs
        if !areInPlace(places) {
            for index in tokens.indices {
                guard let block = tokens[index].blockIndex else { continue }
                tokens[index].blockIndex = places.indices.contains(block) ? places[block] : nil
                if tokens[index].blockIndex == nil { tokens[index].textOffset = nil }
            }
        }
        let span = logprobs.span
        // Swift's sort keeps the order of what is equal.
        return span.indices.contains { span[$0].choice != 0 } ? tokens.sorted { $0.choice < $1.choice } : tokens
    }

    /// Whether all tokens stand in blocks that have the numbers in the content that they had in the answer, as most have.
    private func areInPlace(_ places: [Int?]) -> Bool {
        guard places.indices.allSatisfy({ places[$0] == $0 }) else { return false }
        let tokens = logprobs.span
        return tokens.indices.allSatisfy { index in
            guard let block = tokens[index].blockIndex else { return true }
            return places.indices.contains(block)
        }
    }
}

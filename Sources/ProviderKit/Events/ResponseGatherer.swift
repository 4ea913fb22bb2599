import JSON

/// Puts an answer together from its events; at any time it holds what has arrived so far.
public struct ResponseGatherer: Sendable {
    private enum Slot {
        case open(BlockStart, text: String)
        case complete(ContentBlock)
    }

    private var slots: [Slot] = []
    private var logprobs: [TokenLogprob] = []
    private var usage: Usage?
    private var finish: ResponseFinish?

    /// A gatherer that has seen nothing.
    public init() {}

    /// Whether anything of the answer's content has arrived.
    public var hasContent: Bool { !slots.isEmpty }

    /// Takes the next event in.
    public mutating func add(_ event: ProviderEvent) {
        switch event {
        case .started: break
        case .blockStarted(let start): slots.append(.open(start, text: ""))
        case .blockDelta(let index, let text): append(text, at: index)
        case .blockEnded(let index, let block):
            guard slots.indices.contains(index) else { return }
            slots[index] = .complete(block)
        case .logprobs(let tokens): logprobs += tokens
        case .usage(let usage): self.usage = usage
        case .finished(let finish): self.finish = finish
        }
    }

    private mutating func append(_ delta: String, at index: Int) {
        guard slots.indices.contains(index), case .open(let start, var text) = slots[index] else { return }
        // The slot gives its text up before it grows, or every delta would copy the whole of it.
        slots[index] = .open(start, text: "")
        text += delta
        slots[index] = .open(start, text: text)
    }

    /// The answer so far. A tool call that was not completed is no block: its name and the text of its arguments stand in
    /// `metadata["incomplete_tool_calls"]`.
    public var response: ChatResponse {
        var content: [ContentBlock] = []
        var incomplete: [JSONValue] = []
        for slot in slots {
            switch slot {
            case .complete(let block): content.append(block)
            case .open(let start, let text):
                let additional: JSONObject = start.choice == 0 ? [:] : ["choice": .integer(start.choice)]
                switch start.kind {
                case .text: content.append(.text(TextBlock(text, additional: additional)))
                case .thinking: content.append(.thinking(ThinkingBlock(text, visibility: .internal, additional: additional)))
                case .toolCall(let id, let name):
                    incomplete.append(["id": .string(id), "name": .string(name), "raw_arguments": .string(text)])
                }
            }
        }
        var metadata = finish?.metadata ?? [:]
        if !incomplete.isEmpty { metadata["incomplete_tool_calls"] = .array(incomplete) }
        var response = ChatResponse(
            content: content, usage: usage, finishReason: finish?.reason, metadata: metadata.isEmpty ? nil : metadata,
            logprobs: logprobs.isEmpty ? nil : logprobs)
        response.degradation = finish?.degradation
        return response
    }
}

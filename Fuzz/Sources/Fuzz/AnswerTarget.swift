import JSON
import ProviderKit

@testable import VLLMClient
@testable import VLLMProvider

extension FuzzTarget {
    /// A whole stream, from its bytes to the response: the events keep the contract, and the answer stays within its limits. The first
    /// byte says which endpoint it is and how its text is read.
    static let answer = FuzzTarget { bytes in
        guard let choice = bytes.first else { return }
        let stream = Array(bytes.dropFirst())
        var splitting = Splitting(seed: bytes)
        for batches in [[stream], splitting.pieces(stream)] {
            if choice & 1 == 0 {
                read(batches, choice, ChatCompletionChunk.self)
            } else {
                read(batches, choice, CompletionChunk.self)
            }
        }
    }

    private static func read<Chunk: DecodableChunk & AnswerChunk>(_ batches: [[UInt8]], _ choice: UInt8, _ type: Chunk.Type) {
        var decoder = ChunkDecoder<Chunk>(head: head, eventLimit: 2000, keepsRaw: false)
        var markup = AnswerReader.Markup(tools: tools)
        markup.splitsThinking = choice & 2 == 0
        markup.startsInThinking = choice & 4 != 0
        markup.repairsToolCalls = choice & 8 != 0
        let formats = ToolCallFormat.allCases.map(Optional.some) + [nil]
        markup.format = formats[Int(choice >> 4) % formats.count]
        var limits = AnswerLimits()
        (limits.bytes, limits.blocks, limits.toolCalls, limits.toolArguments, limits.logprobs) = (3000, 20, 5, 200, 100)
        var reader = AnswerReader(model: "m", markup: markup, limits: limits, expectsLogprobs: choice & 8 == 0)
        var contract = EventContract()
        for batch in batches {
            let decoded = decoder.decode(batch)
            do throws(ProviderError) {
                for part in AnswerPart.parts(of: decoded.chunks, joining: .off) {
                    var events: [ProviderEvent] = []
                    defer { for event in events { contract.take(event) } }
                    try reader.read(part, to: &events)
                }
                if case .done = decoded.end {
                    var events: [ProviderEvent] = []
                    defer { for event in events { contract.take(event) } }
                    try reader.finish(to: &events)
                }
            } catch {
                require(!error.message.isEmpty && error.message.utf8.count < 20_000, "the error says nothing, or too much")
                break
            }
            if decoded.end != nil { break }
        }
        contract.end(limits)
    }
}

/// What a reader of the provider's events may count on.
private struct EventContract {
    private enum Block {
        case open(BlockStart, text: String)
        case ended
    }

    private var gatherer = ResponseGatherer()
    private var blocks: [Block] = []
    private var hasStarted = false
    private var isFinished = false
    private var logprobCount = 0

    mutating func take(_ event: ProviderEvent) {
        require(!isFinished, "an event behind the last one")
        if case .started = event {
            require(!hasStarted, "the answer began twice")
        } else {
            require(hasStarted, "an event before the first")
        }
        switch event {
        case .started: hasStarted = true
        case .blockStarted(let start):
            require(start.index == blocks.count, "a block's number is \(start.index), not \(blocks.count)")
            blocks.append(.open(start, text: ""))
        case .blockDelta(let index, let text):
            guard blocks.indices.contains(index), case .open(let start, let before) = blocks[index] else {
                fatalError("a piece of a block that is not open")
            }
            require(!text.isEmpty, "an empty piece")
            blocks[index] = .open(start, text: before + text)
        case .blockEnded(let index, let block):
            guard blocks.indices.contains(index), case .open(let start, let text) = blocks[index] else {
                fatalError("the end of a block that is not open")
            }
            check(block, start, text)
            blocks[index] = .ended
        case .logprobs(let tokens):
            logprobCount += tokens.count
            for token in tokens where token.blockIndex != nil {
                require(blocks.indices.contains(token.blockIndex ?? -1), "a token of a block that has not begun")
            }
        case .promptTokens, .tokenIDs, .usage: break
        case .finished: isFinished = true
        }
        gatherer.add(event)
    }

    private func check(_ block: ContentBlock, _ start: BlockStart, _ text: String) {
        switch (block, start.kind) {
        case (.text(let block), .text): require(block.text == text, "a block's text is not that of its pieces")
        case (.thinking(let block), .thinking): require(block.thinking == text, "a thought is not that of its pieces")
        case (.toolCall(let block), .toolCall(let id, let name)):
            require(block.id == id && block.name == name, "a call is not the one that began")
        default: fatalError("a block ends as another kind than it began")
        }
    }

    /// The stream is over, well or not.
    func end(_ limits: AnswerLimits) {
        require(blocks.count <= limits.blocks, "there are \(blocks.count) blocks")
        require(logprobCount <= limits.logprobs, "there are \(logprobCount) log-probabilities")
        let response = gatherer.response
        FuzzTarget.checkRoundTrip(response.json)
        do {
            let back = try ChatResponse(json: response.json)
            require(back.json == response.json, "the response reads back as another: \(response.json.text)")
        } catch { fatalError("the response does not read back: \(error)\n\(response.json.text)") }
    }
}

import JSON
import ProviderKit

/// Turns the pieces of a server's answer into the provider's events: opens, numbers and closes the blocks.
///
/// It does no I/O and is the same for both endpoints, streamed or not; a whole answer is one piece.
struct AnswerAssembler {
    /// A piece of an answer.
    enum Piece {
        case thinking(String)
        case text(String)
        /// A piece of a call; the first one of an index has id and name.
        case toolCall(index: Int, id: String?, name: String?, arguments: String?)
        /// A call that is complete.
        case wholeToolCall(ToolCall, rawArguments: String)
    }

    private struct OpenBlock {
        var index: Int
        var kind: BlockStart.Kind
        var text: String
        /// The server's number of a tool call.
        var callIndex: Int?
    }

    private struct Choice {
        var open: OpenBlock?
        var trimmer = BlankLineTrimmer()
        /// What kind of text the trimmer holds.
        var trimmed: BlockStart.Kind = .text
        var hasToolCalls = false
    }

    private var blockCount = 0
    private var choices: [Int: Choice] = [:]

    /// Whether a choice has called a tool.
    func hasToolCalls(choice: Int) -> Bool { choices[choice]?.hasToolCalls ?? false }

    /// Takes a piece of a choice in and appends what follows from it.
    /// - Throws: `ProviderError` with the code `invalidToolCall`, when the piece ends a call whose arguments cannot be read.
    mutating func add(_ piece: Piece, choice number: Int, to events: inout [ProviderEvent]) throws(ProviderError) {
        // Taken out while it changes, so that its text is not copied.
        var choice = choices.removeValue(forKey: number) ?? Choice()
        defer { choices[number] = choice }
        switch piece {
        case .thinking(let text): try addText(text, .thinking, &choice, number, &events)
        case .text(let text): try addText(text, .text, &choice, number, &events)
        case .toolCall(let index, let id, let name, let arguments):
            if choice.open?.callIndex != index {
                try close(&choice, number, &events)
                open(.toolCall(id: id ?? Self.newCallID(), name: name ?? ""), callIndex: index, &choice, number, &events)
            }
            if let arguments { append(arguments, &choice, &events) }
        case .wholeToolCall(let call, let raw):
            try close(&choice, number, &events)
            open(.toolCall(id: call.id, name: call.name), callIndex: nil, &choice, number, &events)
            append(raw, &choice, &events)
            try close(&choice, number, &events)
        }
    }

    /// The choice is over.
    /// - Parameter wasCut: the answer ended before the model was done, so that a call may be incomplete: it stays open.
    /// - Throws: `ProviderError` with the code `invalidToolCall`, when the last call's arguments cannot be read.
    mutating func finish(choice number: Int, wasCut: Bool, to events: inout [ProviderEvent]) throws(ProviderError) {
        var choice = choices.removeValue(forKey: number) ?? Choice()
        defer { choices[number] = choice }
        do throws(ProviderError) {
            try close(&choice, number, &events)
        } catch {
            if !wasCut { throw error }
        }
    }

    private mutating func addText(
        _ piece: String, _ kind: BlockStart.Kind, _ choice: inout Choice, _ number: Int, _ events: inout [ProviderEvent]
    ) throws(ProviderError) {
        if choice.trimmed != kind {
            try close(&choice, number, &events)
            choice.trimmed = kind
        }
        let shown = choice.trimmer.consume(piece)
        if shown.isEmpty { return }
        if choice.open?.kind != kind {
            try closeBlock(&choice, number, &events)
            open(kind, callIndex: nil, &choice, number, &events)
        }
        append(shown, &choice, &events)
    }

    private mutating func open(
        _ kind: BlockStart.Kind, callIndex: Int?, _ choice: inout Choice, _ number: Int, _ events: inout [ProviderEvent]
    ) {
        events.append(.blockStarted(BlockStart(index: blockCount, kind: kind, choice: number)))
        choice.open = OpenBlock(index: blockCount, kind: kind, text: "", callIndex: callIndex)
        blockCount += 1
        if case .toolCall = kind { choice.hasToolCalls = true }
    }

    private func append(_ text: String, _ choice: inout Choice, _ events: inout [ProviderEvent]) {
        guard !text.isEmpty, let index = choice.open?.index else { return }
        choice.open?.text += text
        events.append(.blockDelta(index: index, text: text))
    }

    private func close(_ choice: inout Choice, _ number: Int, _ events: inout [ProviderEvent]) throws(ProviderError) {
        let rest = choice.trimmer.finish()
        if choice.open?.kind == choice.trimmed { append(rest, &choice, &events) }
        try closeBlock(&choice, number, &events)
    }

    private func closeBlock(_ choice: inout Choice, _ number: Int, _ events: inout [ProviderEvent]) throws(ProviderError) {
        guard let open = choice.open else { return }
        choice.open = nil
        let additional: JSONObject = number == 0 ? [:] : ["choice": .integer(number)]
        let block: ContentBlock
        switch open.kind {
        case .text: block = .text(TextBlock(open.text, additional: additional))
        case .thinking: block = .thinking(ThinkingBlock(open.text, visibility: .internal, additional: additional))
        case .toolCall(let id, let name):
            guard !name.isEmpty else { throw ToolArguments.nameless(open.text) }
            let input = try ToolArguments.parse(open.text, tool: name)
            block = .toolCall(ToolCallBlock(id: id, name: name, input: input, additional: additional))
        }
        events.append(.blockEnded(index: open.index, block: block))
    }

    /// An id for a call that the server did not name.
    static func newCallID() -> String {
        "call_" + (0..<24).map { _ in String(Int.random(in: 0..<16), radix: 16) }.joined()
    }
}

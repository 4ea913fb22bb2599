import JSON
import ProviderKit

/// Turns the pieces of a server's answer into the provider's events: opens, numbers and closes the blocks.
///
/// It does no I/O and is the same for both endpoints, streamed or not; a whole answer is one piece. A choice has one open block of text
/// or reasoning at most; of its calls several may be open, and their pieces come in any order.
struct AnswerAssembler {
    /// A piece of an answer.
    enum Piece {
        case thinking(String)
        case text(String)
        /// A piece of a call; the first one of an index has id and name.
        case toolCall(index: Int, id: String?, name: String?, arguments: String?)
        /// The call is complete.
        /// - Parameter repair: what was repaired in its markup.
        case toolCallEnded(index: Int, repair: MarkupRepair? = nil)
    }

    private struct OpenBlock {
        var index: Int
        var kind: BlockStart.Kind
        var text: String
    }

    private struct Choice {
        var open: OpenBlock?
        var trimmer = BlankLineTrimmer()
        /// What kind of text the trimmer holds.
        var trimmed: BlockStart.Kind = .text
        /// The calls that are not over, in the order in which they began.
        var calls: [OpenCall] = []
        /// The ids of calls that are over, by the server's number.
        var ended: [Int: String] = [:]
        var hasToolCalls = false
        var callCount = 0

        /// Goes on with the block that is open, if the text does no more than that.
        mutating func goOn(with text: String, isThinking: Bool, to events: inout [ProviderEvent]) -> Bool {
            guard let index = open?.index else { return false }
            switch (trimmed, isThinking) {
            case (.text, false), (.thinking, true): break
            default: return false
            }
            let shown = trimmer.consume(text)
            if shown.isEmpty { return true }
            open?.text += shown
            events.append(.blockDelta(index: index, text: shown))
            return true
        }
    }

    private let arguments: ToolArguments
    private let limits: AnswerLimits
    private var blocks = BlockNumbers()
    private var choices = ChoiceValues<Choice>()
    /// The calls whose JSON was repaired, and how.
    private(set) var repairedCalls: [JSONValue] = []
    /// The calls that the server gave the id of another one: which id they have instead.
    private(set) var renamedCalls: [JSONValue] = []

    init(arguments: ToolArguments = ToolArguments(), limits: AnswerLimits = AnswerLimits()) {
        self.arguments = arguments
        self.limits = limits
    }

    /// Whether a choice has called a tool, and the call is whole.
    func hasToolCalls(choice: Int) -> Bool { choices[choice]?.hasToolCalls ?? false }

    /// Takes a piece of a choice in and appends what follows from it.
    /// - Throws: `ProviderError` with the code `invalidToolCall`, when the piece ends a call whose arguments cannot be read, and with the
    ///   code `stream`, when a limit is passed.
    mutating func add(_ piece: Piece, choice number: Int, to events: inout [ProviderEvent]) throws(ProviderError) {
        // Taken out while it changes, so that its text is not copied.
        var choice = choices.take(number) ?? Choice()
        defer { choices[number] = choice }
        switch piece {
        case .thinking(let text): try addText(text, .thinking, &choice, number, &events)
        case .text(let text): try addText(text, .text, &choice, number, &events)
        case .toolCall(let index, let id, let name, let arguments):
            let piece = OpenCall.Piece(number: index, id: id, name: name, arguments: arguments ?? "")
            try add(piece, &choice, number, &events)
        case .toolCallEnded(let index, let repair):
            guard let position = choice.calls.firstIndex(where: { $0.number == index }) else { return }
            try end(choice.calls.remove(at: position), repair: repair, &choice, number, &events)
        }
    }

    /// Takes text or reasoning of a choice in and appends what follows from it; most goes on with the block that is open.
    /// - Throws: `ProviderError`, as `add` does.
    mutating func add(
        text: String, isThinking: Bool, choice number: Int, to events: inout [ProviderEvent]
    ) throws(ProviderError) {
        if choices[number]?.goOn(with: text, isThinking: isThinking, to: &events) == true { return }
        try add(isThinking ? .thinking(text) : .text(text), choice: number, to: &events)
    }

    /// The choice is over.
    /// - Parameter wasCut: the answer ended before the model was done, so that calls may be incomplete: they stay open.
    /// - Throws: `ProviderError` with the code `invalidToolCall`, when a call's arguments cannot be read.
    mutating func finish(choice number: Int, wasCut: Bool, to events: inout [ProviderEvent]) throws(ProviderError) {
        var choice = choices.take(number) ?? Choice()
        defer { choices[number] = choice }
        closeText(&choice, number, &events)
        let calls = choice.calls
        choice.calls = []
        for var call in calls {
            if wasCut && !call.isComplete {
                if !call.hasStarted { call.start(opening: &blocks, choice: number, to: &events) }
            } else {
                try end(call, &choice, number, &events)
            }
        }
    }

    private mutating func addText(
        _ piece: String, _ kind: BlockStart.Kind, _ choice: inout Choice, _ number: Int, _ events: inout [ProviderEvent]
    ) throws(ProviderError) {
        if choice.trimmed != kind {
            closeText(&choice, number, &events)
            choice.trimmed = kind
        }
        let shown = choice.trimmer.consume(piece)
        if shown.isEmpty { return }
        if choice.open == nil {
            try endCompleteCalls(&choice, number, &events)
            try checkBlocks()
            let index = blocks.next()
            events.append(.blockStarted(BlockStart(index: index, kind: kind, choice: number)))
            choice.open = OpenBlock(index: index, kind: kind, text: "")
        }
        append(shown, &choice, &events)
    }

    private func append(_ text: String, _ choice: inout Choice, _ events: inout [ProviderEvent]) {
        guard !text.isEmpty, let index = choice.open?.index else { return }
        choice.open?.text += text
        events.append(.blockDelta(index: index, text: text))
    }

    private func closeText(_ choice: inout Choice, _ number: Int, _ events: inout [ProviderEvent]) {
        append(choice.trimmer.finish(), &choice, &events)
        guard let open = choice.open else { return }
        choice.open = nil
        let block: ContentBlock =
            open.kind == .thinking
            ? .thinking(ThinkingBlock(open.text, visibility: .internal, additional: additional(number)))
            : .text(TextBlock(open.text, additional: additional(number)))
        events.append(.blockEnded(index: open.index, block: block))
    }

    private mutating func add(
        _ piece: OpenCall.Piece, _ choice: inout Choice, _ number: Int, _ events: inout [ProviderEvent]
    ) throws(ProviderError) {
        closeText(&choice, number, &events)
        if let position = choice.calls.firstIndex(where: { $0.number == piece.number }) {
            guard choice.calls[position].isOther(than: piece) else {
                try check(choice.calls[position], piece)
                return choice.calls[position].add(piece, opening: &blocks, choice: number, to: &events)
            }
            // Some servers give all calls the same number, and another id to each.
            try end(choice.calls.remove(at: position), &choice, number, &events)
        } else if let id = choice.ended[piece.number], piece.name == nil || piece.id == nil || piece.id == id {
            if piece.arguments.utf8.allSatisfy(\.isBlank) { return }
            throw ProviderError(
                .invalidToolCall, "the server went on with a tool call that was complete",
                details: ["tool_call_id": .string(id), "raw_arguments": .string(piece.arguments)])
        }
        try endCompleteCalls(&choice, number, &events)
        try checkBlocks()
        choice.callCount += 1
        guard choice.callCount <= limits.toolCalls else {
            throw ProviderError(
                exceeding: limits.toolCalls, of: "max_tool_calls", "the answer has more than \(limits.toolCalls) tool calls")
        }
        var call = OpenCall(number: piece.number)
        try check(call, piece)
        call.add(piece, opening: &blocks, choice: number, to: &events)
        choice.calls.append(call)
    }

    /// Whether one more block may begin.
    private func checkBlocks() throws(ProviderError) {
        guard blocks.count >= limits.blocks else { return }
        throw ProviderError(exceeding: limits.blocks, of: "max_content_blocks", "the answer has more than \(limits.blocks) blocks")
    }

    /// Whether a call may grow by a piece.
    private func check(_ call: OpenCall, _ piece: OpenCall.Piece) throws(ProviderError) {
        guard call.text.utf8.count + piece.arguments.utf8.count > limits.toolArguments else { return }
        let name = (call.name ?? piece.name).map { " \"\($0)\"" } ?? ""
        throw ProviderError(
            exceeding: limits.toolArguments, of: "max_tool_argument_bytes",
            "the arguments of a call of the tool\(name) are larger than \(limits.toolArguments) bytes")
    }

    /// Ends the calls that need no more: something else begins.
    private mutating func endCompleteCalls(_ choice: inout Choice, _ number: Int, _ events: inout [ProviderEvent]) throws(ProviderError) {
        while let position = choice.calls.firstIndex(where: \.isComplete) {
            try end(choice.calls.remove(at: position), &choice, number, &events)
        }
    }

    private mutating func end(
        _ call: OpenCall, repair: MarkupRepair? = nil, _ choice: inout Choice, _ number: Int, _ events: inout [ProviderEvent]
    ) throws(ProviderError) {
        guard let index = call.index, let name = call.name else { throw ToolArguments.nameless(call.text) }
        choice.ended[call.number] = call.serverID ?? call.id
        let reading = try arguments.read(call.text, tool: name)
        choice.hasToolCalls = true
        let found = repair?.repairs ?? []
        let all = found + reading.repairs.filter { !found.contains($0) }
        if !all.isEmpty {
            repairedCalls.append([
                "id": .string(call.id), "name": .string(name), "repairs": .array(all.map { .string($0) }),
                "raw_arguments": .string(repair?.raw ?? call.text),
            ])
        }
        if let serverID = call.serverID, serverID != call.id {
            renamedCalls.append(["id": .string(call.id), "name": .string(name), "server_id": .string(serverID)])
        }
        let block = ToolCallBlock(id: call.id, name: name, input: reading.input, additional: additional(number))
        events.append(.blockEnded(index: index, block: .toolCall(block)))
    }

    private func additional(_ choice: Int) -> JSONObject { choice == 0 ? [:] : ["choice": .integer(choice)] }
}

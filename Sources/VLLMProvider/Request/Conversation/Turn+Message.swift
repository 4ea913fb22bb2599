import JSON
import ProviderKit

extension Turn {
    /// The turns of a conversation, in order; a message is split where results of tools stand in it.
    static func turns(of messages: [Message]) -> [Turn] {
        var turns: [Turn] = []
        turns.reserveCapacity(messages.count)
        // A span lends its elements; an array gives copies of them.
        let messages = messages.span
        for index in messages.indices {
            guard case .text = messages[index].content, messages[index].additional.isEmpty || messages[index].role != .assistant else {
                turns += split(messages[index], at: index)
                continue
            }
            turns.append(
                Turn(
                    role: messages[index].role, name: messages[index].name, content: messages[index].content,
                    callID: messages[index].role.isResult ? messages[index].toolCallID : nil, messageIndex: index))
        }
        return turns
    }

    private static func split(_ message: Message, at index: Int) -> [Turn] {
        let (blocks, otherCalls) = said(in: message)
        let answered = blocks.compactMap { block in if case .toolResult(let result) = block { result.toolCallID } else { nil } }
        var own = Turn(role: message.role, name: message.name, blocks: [], messageIndex: index)
        if own.isResult {
            own.callID = message.toolCallID
            // Where the result stands in a block, the rest of the message is no result.
            if message.toolCallID.map(answered.contains) ?? !answered.isEmpty { (own.role, own.name, own.callID) = (.user, nil, nil) }
        }
        var turns: [Turn] = []
        // The turn that is open, if there is something in it.
        var said: [ContentBlock] = []
        var calls: [Call] = []
        func close() {
            guard !said.isEmpty || !calls.isEmpty else { return }
            var turn = own
            (turn.content, turn.calls) = (.blocks(said), calls)
            turns.append(turn)
            (said, calls) = ([], [])
        }
        for block in blocks {
            switch block {
            case .toolResult(let result):
                close()
                turns.append(Turn(result, name: message.role == .tool ? message.name : nil, messageIndex: index))
            case .toolCall(let call) where own.role == .assistant:
                calls.append(Call(id: call.id, name: call.name, arguments: JSONValue.object(call.input).text))
            case .text(let block) where block.text.isEmpty && !answered.isEmpty: break
            default: said.append(block)
            }
        }
        close()
        if turns.isEmpty { turns.append(own) }
        if own.role == .assistant { add(loopCalls(of: message).filter { !otherCalls.contains($0.id) }, to: &turns, own) }
        return turns
    }

    /// A message's blocks. Of an assistant that gave several answers (`n`), one was said: the first that is there, which is the one that
    /// a host goes on with where it has picked another than the first. The others' calls are not to be run, wherever they stand.
    private static func said(in message: Message) -> (blocks: [ContentBlock], otherCalls: Set<String>) {
        let blocks = message.content.blocks
        guard message.role == .assistant, let choice = blocks.map(\.choice).min() else { return (blocks, []) }
        let said = blocks.filter { $0.choice == choice }
        guard said.count < blocks.count else { return (blocks, []) }
        let own = Set(said.compactMap(\.toolCall?.id))
        return (said, Set(blocks.compactMap(\.toolCall?.id)).subtracting(own))
    }

    private init(_ result: ToolResultBlock, name: String?, messageIndex: Int) {
        self.init(
            role: .tool, name: name, content: Self.content(ofOutput: result.output), callID: result.toolCallID, messageIndex: messageIndex)
    }

    /// What a tool returned: its text, its content blocks, or else its JSON as text.
    private static func content(ofOutput output: JSONValue) -> MessageContent {
        if let elements = output.array, !elements.isEmpty {
            let blocks = elements.compactMap { try? ContentBlock(json: $0) }
            if blocks.count == elements.count, blocks.allSatisfy(ContentPart.isKnown) { return .blocks(blocks) }
        }
        return .text(output.string ?? output.text)
    }

    /// Adds the calls that are not among the blocks to the first turn that the assistant speaks itself.
    private static func add(_ calls: [Call], to turns: inout [Turn], _ own: Turn) {
        let known = Set(turns.flatMap(\.calls).map(\.id))
        let missing = calls.filter { !known.contains($0.id) }
        guard !missing.isEmpty else { return }
        guard let index = turns.firstIndex(where: { !$0.isResult }) else {
            var turn = own
            turn.calls = missing
            return turns.insert(turn, at: 0)
        }
        turns[index].calls += missing
    }

    /// The calls that Amplifier's loops keep beside the content, `{"id", "tool", "arguments"}`, or those of OpenAI's API.
    private static func loopCalls(of message: Message) -> [Call] {
        (message.additional["tool_calls"]?.array ?? []).compactMap { entry in
            let function = entry["function"]
            guard let name = (entry["tool"] ?? entry["name"] ?? function?["name"])?.string else { return nil }
            let arguments = entry["arguments"] ?? function?["arguments"] ?? [:]
            return Call(id: entry["id"]?.string ?? "", name: name, arguments: arguments.string ?? arguments.text)
        }
    }
}

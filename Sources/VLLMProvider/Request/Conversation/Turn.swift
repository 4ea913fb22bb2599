import ProviderKit

/// A turn of a conversation as a server has it: tool calls stand beside the content, and a tool's result is a turn of its own.
struct Turn: Hashable {
    /// A tool that the assistant calls.
    struct Call: Hashable {
        var id: String
        var name: String
        /// The arguments as JSON text.
        var arguments: String
    }

    var role: Role
    var name: String?
    /// What is said; no tool results, and of an assistant no tool calls.
    var content: MessageContent
    /// The tools that an assistant calls.
    var calls: [Call] = []
    /// On a tool's turn: the call that it answers.
    var callID: String?
    /// Where the message stands in the request, for error messages.
    var messageIndex: Int

    init(role: Role, name: String? = nil, content: MessageContent, callID: String? = nil, messageIndex: Int) {
        self.role = role
        self.name = name
        self.content = content
        self.callID = callID
        self.messageIndex = messageIndex
    }

    init(
        role: Role, name: String? = nil, blocks: [ContentBlock], calls: [Call] = [], callID: String? = nil, messageIndex: Int
    ) {
        self.init(role: role, name: name, content: .blocks(blocks), callID: callID, messageIndex: messageIndex)
        self.calls = calls
    }

    /// Whether it is a tool's result.
    var isResult: Bool { role.isResult }

    /// Its text, where it says nothing else.
    var plainText: String? {
        guard case .blocks(let blocks) = content else { return content.plainText }
        let texts = blocks.compactMap(\.text)
        return texts.count == blocks.count ? texts.joined(separator: "\n") : nil
    }
}

extension Role {
    /// Whether it is that of a tool's result; `function` is the older name of `tool`.
    var isResult: Bool { self == .tool || self == .function }
}

extension [Turn] {
    // Spans lend their elements; arrays give copies of them.

    /// Whether tools are called in it, or a tool's result stands in it.
    var useTools: Bool {
        let turns = span
        for index in turns.indices where turns[index].role.isResult || !turns[index].calls.isEmpty { return true }
        return false
    }

    /// Whether one of them is a developer's.
    var haveDeveloper: Bool {
        let turns = span
        for index in turns.indices where turns[index].role == .developer { return true }
        return false
    }
}

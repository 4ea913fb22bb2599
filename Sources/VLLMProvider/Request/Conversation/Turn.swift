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
    var blocks: [ContentBlock]
    /// The tools that an assistant calls.
    var calls: [Call] = []
    /// On a tool's turn: the call that it answers.
    var callID: String?
    /// Where the message stands in the request, for error messages.
    var messageIndex: Int

    /// Whether it is a tool's result; `function` is the older name of the role `tool`.
    var isResult: Bool { role == .tool || role == .function }

    /// Its text, where it says nothing else.
    var plainText: String? {
        let texts = blocks.compactMap(\.text)
        return texts.count == blocks.count ? texts.joined(separator: "\n") : nil
    }
}

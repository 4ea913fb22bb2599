public import ProviderKit

/// What keeps a session's conversation: `context-simple` keeps all of it.
///
/// Nothing is ever dropped: a conversation that outgrows the model's context window is an error of the provider, not a silent cut.
public struct ConversationContext: Sendable {
    /// The module's name in mount plans.
    public static let moduleName = "context-simple"

    /// The conversation, oldest first.
    public private(set) var messages: [Message] = []

    /// A conversation that begins with a system message, if there is one.
    public init(system: String? = nil) {
        if let system, !system.isEmpty { messages = [.system(system)] }
    }

    /// Adds a message.
    public mutating func add(_ message: Message) {
        messages.append(message)
    }

    /// Takes back everything behind the first `count` messages.
    mutating func truncate(to count: Int) {
        messages.removeLast(max(messages.count - count, 0))
    }
}

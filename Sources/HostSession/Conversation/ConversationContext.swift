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
        self.system = system
    }

    /// The conversation of a session that goes on.
    /// - Parameter system: the system message; `nil` leaves the one that it had.
    public init(resuming stored: StoredConversation, system: String? = nil) {
        messages = stored.messages
        self.system = system ?? stored.system
    }

    /// The messages without the system message.
    var transcript: [Message] { system == nil ? messages : Array(messages.dropFirst()) }

    /// The system message at the beginning; an empty one is none.
    public var system: String? {
        get { messages.first.flatMap { $0.role == .system ? $0.content.plainText : nil } }
        set {
            if system != nil { messages.removeFirst() }
            if let newValue, !newValue.isEmpty { messages.insert(.system(newValue), at: 0) }
        }
    }

    /// Adds a message.
    public mutating func add(_ message: Message) {
        messages.append(message)
    }
}

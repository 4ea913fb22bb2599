/// What the requests of a measurement say: the same each time, of the size that is asked for.
public struct Conversation: Sendable {
    /// The names of its settings.
    public static let settings = ["messages", "tools"]

    /// A message.
    public struct Message: Sendable {
        /// `user` or `assistant`.
        public let role: String
        /// What is said.
        public let text: String
    }

    /// From the first to the last, which is the user's.
    public let messages: [Message]
    /// The names of the tools that are offered.
    public let tools: [String]

    /// A conversation of `messages` messages and `tools` tools.
    public init(_ settings: Settings) {
        let count = max(1, settings.count("messages", 1))
        let paragraph = String(repeating: "The quick brown fox jumps over the lazy dog. ", count: 5)
        messages = (0..<count).map { index in
            guard index < count - 1 else { return Message(role: "user", text: "Go.") }
            return Message(role: (count - index) % 2 == 1 ? "user" : "assistant", text: "\(index): \(paragraph)")
        }
        tools = (0..<settings.count("tools", 0)).map { "look_up_\($0)" }
    }
}

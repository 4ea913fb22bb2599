import ProviderKit

/// What is in a transcript, and what has to be written so that it is a conversation as far as that has come.
struct Transcript {
    /// How the file is to be changed.
    enum Change {
        case none
        /// Add these at its end.
        case append(ArraySlice<Message>)
        /// Have these and no others in it.
        case replace([Message])
    }

    /// What is in the file.
    private enum Content {
        /// There is no file.
        case missing
        /// That is not known: it was damaged, or could not be written.
        case unknown
        /// As many messages of this conversation.
        case messages(Int, conversation: Int)
    }

    private var content: Content

    /// That of a new session.
    init() {
        content = .missing
    }

    /// That of a session that goes on.
    /// - Parameter count: how many messages there are in its file; `nil` where it cannot be added to.
    init(resuming count: Int?) {
        content = count.map { .messages($0, conversation: 0) } ?? .unknown
    }

    /// What has to be done.
    func change(to snapshot: ConversationSnapshot) -> Change {
        let messages = snapshot.messages
        switch content {
        // As long as nothing was said there is no file.
        case .missing where snapshot.isUntouched: return .none
        // The file is empty: what was replaced by it stays the backup.
        case .messages(0, _): return messages.isEmpty ? .none : .append(messages[...])
        case .messages(let count, snapshot.number) where count <= messages.count:
            return count == messages.count ? .none : .append(messages[count...])
        case .missing, .unknown, .messages: return .replace(messages)
        }
    }

    /// It has been done.
    mutating func wrote(_ snapshot: ConversationSnapshot) {
        if case .missing = content, snapshot.isUntouched { return }
        content = .messages(snapshot.messages.count, conversation: snapshot.number)
    }

    /// It could not be done, or not wholly.
    mutating func failed() { content = .unknown }
}

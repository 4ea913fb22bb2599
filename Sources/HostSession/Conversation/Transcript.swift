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

    /// Which conversation the file holds and how many of its messages; `nil` where that is not known, or the file is not there.
    private var content: (conversation: Int, count: Int)?

    /// - Parameter count: how many messages there are in a file that can be added to.
    init(count: Int? = nil) {
        content = count.map { (0, $0) }
    }

    /// What has to be done.
    func change(to snapshot: ConversationSnapshot) -> Change {
        let messages = snapshot.messages
        guard let content, content.conversation == snapshot.number, content.count <= messages.count else {
            return messages.isEmpty && content == nil ? .none : .replace(messages)
        }
        return content.count == messages.count ? .none : .append(messages[content.count...])
    }

    /// It has been done.
    mutating func wrote(_ snapshot: ConversationSnapshot) {
        // As long as nothing was said there is no file.
        if content != nil || !snapshot.messages.isEmpty { content = (snapshot.number, snapshot.messages.count) }
    }

    /// It could not be done, or not wholly.
    mutating func failed() { content = nil }
}

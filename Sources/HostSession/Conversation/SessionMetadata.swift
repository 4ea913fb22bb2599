import JSON
import ProviderKit
import Redaction
import Timestamps

/// What `metadata.json` says of a session, under the keys of Amplifier's command line; members that others have put there stay.
struct SessionMetadata: Sendable {
    /// The system message, which is no part of a transcript. One of ours.
    static let systemKey = "system_message"
    private static let nameLength = 80

    private(set) var members: JSONObject

    /// - Parameter members: those of a session that is resumed.
    init(_ members: JSONObject = [:], sessionID: String, workingFolder: String) {
        var all = members
        all["session_id"] = .string(sessionID)
        all["created"] = members["created"] ?? .string("\(LogTimestamp.now())")
        all["working_dir"] = members["working_dir"] ?? .string(workingFolder)
        all["turn_count"] = members["turn_count"] ?? 0
        // Amplifier's word for a transcript that is written turn by turn.
        all["incremental"] = true
        self.members = all
    }

    /// The system message that it says.
    var system: String? { members[Self.systemKey]?.string }

    /// Notes how far the conversation is.
    mutating func update(_ snapshot: ConversationSnapshot) {
        members["turn_count"] = .integer(snapshot.messages.count { $0.role == .user })
        members["model"] = snapshot.model.map { .string($0) } ?? members["model"]
        members["provider"] = snapshot.provider.map { .string($0) } ?? members["provider"]
        members[Self.systemKey] = snapshot.system.map { .string($0) }
        guard members["name"] == nil, let prompt = snapshot.messages.first(where: { $0.role == .user }) else { return }
        members["name"] = Self.name(prompt.content.plainText).map { .string($0) }
    }

    /// The file's text.
    func bytes(_ redactor: Redactor) -> [UInt8] { Array((JSONValue.object(redactor.redact(members)).prettyText + "\n").utf8) }

    /// The first line of a prompt, cut where it is long.
    private static func name(_ prompt: String) -> String? {
        guard let line = prompt.split(whereSeparator: \.isNewline).first(where: { !$0.allSatisfy(\.isWhitespace) }) else { return nil }
        return line.count > nameLength ? line.prefix(nameLength - 1) + "…" : String(line)
    }
}

/// A conversation at one moment, with what `metadata.json` says of it.
struct ConversationSnapshot: Sendable {
    /// Without the system message.
    var messages: [Message]
    /// Which of the session's conversations it is: whoever forgets one begins another.
    var number: Int
    var system: String?
    var model: String?
    var provider: String?

    /// Nothing was said yet, and nothing forgotten.
    var isUntouched: Bool { messages.isEmpty && number == 0 }
}

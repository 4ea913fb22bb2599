public import JSON
public import ProviderKit

/// A conversation as a session has left it: `transcript.jsonl` and `metadata.json`, in the shapes of Amplifier's command line (`session_store.py`
/// of amplifier-app-cli), whose sessions can be read, too.
public struct StoredConversation: Sendable {
    /// What was said, without the system message.
    public internal(set) var messages: [Message]
    /// What is known of the session.
    public internal(set) var metadata: JSONObject
    /// What is wrong with the files and can be lived with.
    public internal(set) var warnings: [String] = []
    /// The transcript is as it should be, so that what comes can be added to it.
    var isWhole = true
    /// What `metadata.json` says cannot be read: the file is to be kept under another name.
    private(set) var isMetadataDamaged = false

    /// The system message that the conversation began with. Amplifier keeps it elsewhere (in its bundle).
    public var system: String? { metadata[SessionMetadata.systemKey]?.string }

    /// Reads the conversation of a session.
    /// - Throws: `HostError` with the code `resume`: there is no transcript, a line in it that cannot be read, or a file that the system does
    ///   not hand over.
    init(_ folder: SessionFolder) throws(HostError) {
        metadata = [:]
        messages = []
        try readMetadata(folder)
        let bytes: [UInt8]
        do { bytes = try transcript(of: folder) } catch {
            guard error.isMissing else { throw HostError(.resume, error.message) }
            throw HostError(
                .resume, "the session \(folder.sessionID) cannot be resumed: it has no transcript (\(folder.transcriptPath))",
                hint: "only the first answer makes one, and sessions of older versions have none; `replay play` shows what their logs hold")
        }
        try read(bytes, path: folder.transcriptPath)
    }

    /// What is known of the session: of one without `metadata.json` nothing, of one with a damaged one nothing either, and that is said.
    private mutating func readMetadata(_ folder: SessionFolder) throws(HostError) {
        let bytes: [UInt8]
        do { bytes = try PrivateFiles.read(folder.metadataPath) } catch {
            guard error.isMissing else { throw HostError(.resume, error.message) }
            return
        }
        if let members = (try? JSONValue(parsing: bytes))?.object { return metadata = members }
        isMetadataDamaged = true
        warnings.append(
            "\(folder.metadataPath) is no JSON object: the session goes on without what it said, its system message too; the file is kept as "
                + folder.metadataBackupPath)
    }

    /// The transcript, or the one before it where it is gone.
    private mutating func transcript(of folder: SessionFolder) throws(PrivateFiles.Failure) -> [UInt8] {
        do throws(PrivateFiles.Failure) { return try PrivateFiles.read(folder.transcriptPath) } catch {
            guard error.isMissing, let backup = try? PrivateFiles.read(folder.backupPath) else { throw error }
            isWhole = false
            warnings.append("\(SessionFolder.transcriptName) is missing: the conversation is from \(folder.backupPath)")
            return backup
        }
    }

    private mutating func read(_ bytes: [UInt8], path: String) throws(HostError) {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() where !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) {
            do {
                let message = try Self.message(line)
                // The file may have been edited: without its last line feed, the next message would go on in this line.
                if index == lines.count - 1 { isWhole = false }
                if message.role != .system, message.role != .developer { messages.append(message) }
            } catch {
                guard index == lines.count - 1 else {
                    throw HostError(
                        .resume, "\(path), line \(index + 1): this is no message: \(error)",
                        hint: "take the line out to resume the session without it")
                }
                isWhole = false
                let count = dropOpenTurn()
                let messages = count == 1 ? "1 message" : "\(count) messages"
                let others = count == 0 ? "" : " and \(messages) before it, to which no answer came"
                warnings.append("\(path), line \(index + 1) is cut off: the conversation goes on without it\(others)")
            }
        }
    }

    /// Takes calls and results off the end, behind which no answer came: not every provider takes them so. Returns how many.
    private mutating func dropOpenTurn() -> Int {
        let end = messages.lastIndex { $0.role == .user || ($0.role == .assistant && !Self.calls($0)) } ?? -1
        defer { messages.removeSubrange((end + 1)...) }
        return messages.count - (end + 1)
    }

    private static func calls(_ message: Message) -> Bool {
        if case .array(let calls)? = message.additional["tool_calls"], !calls.isEmpty { return true }
        guard case .blocks(let blocks) = message.content else { return false }
        return blocks.contains { $0.toolCall != nil }
    }

    private static func message(_ line: ArraySlice<UInt8>) throws -> Message {
        var json = try JSONValue(parsing: line)
        // Amplifier's loops may write a call of tools without any text so.
        if var object = json.object, object["content"]?.isNull == true {
            object["content"] = ""
            json = .object(object)
        }
        return try Message(json: json)
    }
}

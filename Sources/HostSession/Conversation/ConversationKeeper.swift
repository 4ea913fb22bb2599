import JSON
import Locks
import ProviderKit
import Redaction

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Keeps a session's conversation in its folder, behind the answers: nobody waits for the disk. A turn adds its own messages and no others,
/// so that a long conversation costs no more than its length.
final class ConversationKeeper: Sendable {
    private struct State {
        /// What is to be written. A later one stands for all before it.
        var pending: ConversationSnapshot?
        var isWriting = false
        var failure: String?
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    /// What the writing thread alone reaches.
    private struct Files {
        var transcript: Transcript
        var metadata: SessionMetadata
        /// The file that there is could not be read, and is to be kept beside the one that takes its place.
        var isMetadataDamaged: Bool
    }

    private let folder: SessionFolder
    private let secrets: SecretStore
    private let state = Guarded(State())
    private let files: Guarded<Files>
    private let isSynchronised: Bool

    /// What keeps the conversation of a recorder's session.
    /// - Parameter isSynchronised: whether each write waits until it is on the disk.
    init(_ recorder: SessionRecorder, isSynchronised: Bool) {
        self.isSynchronised = isSynchronised
        folder = recorder.folder
        secrets = recorder.secrets
        let resumed = recorder.resumed
        files = Guarded(
            Files(
                transcript: resumed.map { Transcript(resuming: $0.isWhole ? $0.messages.count : nil) } ?? Transcript(),
                metadata: SessionMetadata(
                    resumed?.metadata ?? [:], sessionID: recorder.sessionID, workingFolder: recorder.workingFolder),
                isMetadataDamaged: resumed?.isMetadataDamaged ?? false))
    }

    /// Why the conversation, or its end, is not in its folder; `nil` where nothing went wrong.
    var failure: String? { state.withLock { $0.failure } }

    /// Has a conversation written.
    func keep(_ snapshot: ConversationSnapshot) {
        guard folder.isLocked else { return }
        let isFirst = state.withLock { state in
            var snapshot = snapshot
            snapshot.provider = snapshot.provider ?? state.pending?.provider
            snapshot.model = snapshot.model ?? state.pending?.model
            state.pending = snapshot
            defer { state.isWriting = true }
            return !state.isWriting
        }
        guard isFirst else { return }
        if !BackgroundThread.start({ self.writeAll() }) { end(failure: "there is no thread for it") }
    }

    /// Waits until all is written.
    func flush() async {
        await withCheckedContinuation { continuation in
            let isDone = state.withLock { state in
                if state.isWriting { state.waiting.append(continuation) }
                return !state.isWriting
            }
            if isDone { continuation.resume() }
        }
    }

    private func writeAll() {
        var failure: String?
        while let snapshot = next() {
            failure = files.withLock { files in write(snapshot, &files) }
            state.withLock { $0.failure = failure }
        }
    }

    /// What is to be written next; where there is nothing, those who wait are let go.
    private func next() -> ConversationSnapshot? {
        let (snapshot, waiting) = state.withLock { state in
            let snapshot = state.pending
            state.pending = nil
            guard snapshot == nil else { return (snapshot, [CheckedContinuation<Void, Never>]()) }
            state.isWriting = false
            defer { state.waiting = [] }
            return (nil, state.waiting)
        }
        for continuation in waiting { continuation.resume() }
        return snapshot
    }

    private func end(failure: String) {
        let waiting = state.withLock { state in
            state.pending = nil
            state.isWriting = false
            state.failure = failure
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Returns what went wrong.
    private func write(_ snapshot: ConversationSnapshot, _ files: inout Files) -> String? {
        let redactor = secrets.redactor
        do throws(PrivateFiles.Failure) {
            switch files.transcript.change(to: snapshot) {
            case .none: break
            case .append(let messages):
                try PrivateFiles.append(Self.lines(messages, redactor), to: folder.transcriptPath, isSynchronised: isSynchronised)
            case .replace(let messages):
                let backup = folder.backupPath + ".tmp"
                unlink(backup)
                // Where there is none yet, or the file system knows no links, there is no backup.
                if link(folder.transcriptPath, backup) == 0 { rename(backup, folder.backupPath) }
                try PrivateFiles.replace(
                    folder.transcriptPath, with: Self.lines(messages[...], redactor), isSynchronised: isSynchronised)
            }
            files.transcript.wrote(snapshot)
            files.metadata.update(snapshot)
            if files.isMetadataDamaged { rename(folder.metadataPath, folder.metadataBackupPath) }
            files.isMetadataDamaged = false
            try PrivateFiles.replace(folder.metadataPath, with: files.metadata.bytes(redactor), isSynchronised: isSynchronised)
            return nil
        } catch {
            files.transcript.failed()
            return error.message
        }
    }

    private static func lines(_ messages: ArraySlice<Message>, _ redactor: Redactor) -> [UInt8] {
        var bytes: [UInt8] = []
        for message in messages {
            bytes += redactor.redact(message.json).bytes
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }
}

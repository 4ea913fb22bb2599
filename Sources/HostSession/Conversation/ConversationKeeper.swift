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
///
/// What `metadata.json` says of how far the conversation is may be a second old: to put a file in the place of another one costs as much as
/// all else about a turn, and the transcript has it all.
final class ConversationKeeper: Sendable {
    private struct State {
        /// What is to be written. A later one stands for all before it.
        var pending: ConversationSnapshot?
        var isWriting = false
        var failure: String?
        var waiting: [CheckedContinuation<Void, Never>] = []

        /// Whether there is something that does not wait.
        var isHurried: Bool { pending != nil || !waiting.isEmpty }
    }

    /// What the writing thread alone reaches.
    private struct Files {
        var transcript: Transcript
        var metadata: SessionMetadata
        /// `metadata.json` was written.
        var hasMetadata = false
        /// What it says is not all that is known.
        var isMetadataOld = false
        /// The file that there is could not be read, and is to be kept beside the one that takes its place.
        var isMetadataDamaged: Bool
    }

    private enum Step {
        case write(ConversationSnapshot)
        case writeMetadata
        case end([CheckedContinuation<Void, Never>])
    }

    /// How old `metadata.json` may be.
    private static let patience = Duration.seconds(1)

    private let folder: SessionFolder
    private let secrets: SecretStore
    private let state = Monitor(State())
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
    var failure: String? { state.withLock(wakingIf: { _ in false }) { $0.failure } }

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
        // Until when `metadata.json` may be old, where it is.
        var due: ContinuousClock.Instant?
        while true {
            switch step(due) {
            case .write(let snapshot):
                let (failure, isOld) = files.withLock { files in (write(snapshot, &files), files.isMetadataOld) }
                due = isOld ? due ?? .now + Self.patience : nil
                state.withLock(wakingIf: { _ in false }) { $0.failure = failure }
            case .writeMetadata:
                due = nil
                // A transcript that could not be written is not mended by that.
                guard let failure = files.withLock({ writeMetadata(&$0) }) else { continue }
                state.withLock(wakingIf: { _ in false }) { $0.failure = failure }
            case .end(let waiting):
                for continuation in waiting { continuation.resume() }
                return
            }
        }
    }

    /// What is to be done next, which may take until something is due.
    private func step(_ due: ContinuousClock.Instant?) -> Step {
        if let due, due <= .now || !state.wait(atMost: due - .now, until: { $0.isHurried }) { return .writeMetadata }
        return state.withLock(wakingIf: { _ in false }) { state in
            if let snapshot = state.pending {
                state.pending = nil
                return .write(snapshot)
            }
            // Who waits does not wait for that.
            if due != nil { return .writeMetadata }
            state.isWriting = false
            defer { state.waiting = [] }
            return .end(state.waiting)
        }
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
        } catch {
            files.transcript.failed()
            return error.message
        }
        // The first time, and where it says something that is nowhere else, at once.
        let isKnown = files.hasMetadata && files.metadata.system == snapshot.system && !isSynchronised
        files.metadata.update(snapshot)
        if !isKnown { return writeMetadata(&files) }
        files.isMetadataOld = true
        return nil
    }

    /// Returns what went wrong.
    private func writeMetadata(_ files: inout Files) -> String? {
        // Where somebody else goes on with the conversation, it is theirs.
        guard folder.isLocked else { return nil }
        if files.isMetadataDamaged { rename(folder.metadataPath, folder.metadataBackupPath) }
        files.isMetadataDamaged = false
        let bytes = files.metadata.bytes(secrets.redactor)
        do { try PrivateFiles.replace(folder.metadataPath, with: bytes, isSynchronised: isSynchronised) } catch { return error.message }
        (files.hasMetadata, files.isMetadataOld) = (true, false)
        return nil
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

import JSON
import Locks
import ProviderKit
import SessionLog

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The log of a provider that replays, shared by its calls.
final class ReplayLibrary: Sendable {
    private let calls: Guarded<RecordedCalls>
    /// Whether requests are answered from the log.
    let isPlayed: Bool
    /// Whether what is not in the log is asked.
    let isRecorded: Bool
    let path: String
    let count: Int
    let models: [String]
    private let repeats: Bool

    private init(_ calls: RecordedCalls, _ settings: ReplaySettings, path: String) {
        switch settings.recordMode {
        case .none: (isPlayed, isRecorded) = (true, false)
        case .once: (isPlayed, isRecorded) = (!calls.calls.isEmpty, calls.calls.isEmpty)
        case .new: (isPlayed, isRecorded) = (true, true)
        case .all: (isPlayed, isRecorded) = (false, true)
        }
        self.path = path
        count = calls.calls.count
        models = calls.models
        repeats = settings.repeats
        self.calls = Guarded(calls)
    }

    /// Reads the log, on a thread of its own.
    static func load(_ settings: ReplaySettings) async -> Result<ReplayLibrary, ProviderError> {
        await BackgroundThread.run { read(settings) }
    }

    private static func read(_ settings: ReplaySettings) -> Result<ReplayLibrary, ProviderError> {
        let path = settings.log
        // What is to be recorded need not be there, and an empty log is as good as none.
        let isMissing = access(path, F_OK) != 0
        do throws(SessionLogError) {
            let session = settings.recordMode != .none && isMissing ? RecordedSession([]) : try RecordedSession.read(log: path)
            // Whoever stopped waiting for an answer has not said that there is none.
            let calls = RecordedCalls(session, match: settings.match, leavesOutCancelled: settings.recordMode != .none)
            if settings.recordMode == .none, calls.calls.isEmpty {
                return .failure(.emptyLog(path, problems: calls.problems))
            }
            return .success(ReplayLibrary(calls, settings, path: path))
        } catch {
            return .failure(
                ProviderError(.configuration, "\(error)", hint: "`log` names what is replayed", provider: "replay", isRetryable: false))
        }
    }

    /// Finds the answer to a request.
    func find(_ request: ChatRequest, options: JSONObject) -> RecordedCalls.Found {
        calls.withLock { $0.find(request, options: options, repeats: repeats) }
    }

    /// The recorded call that is nearest to a request that was not found, and where it differs.
    func nearest(to request: ChatRequest, options: JSONObject) -> (name: String, difference: RequestDifference)? {
        calls.withLock { $0 }.nearest(to: request, options: options)
    }
}

import JSON
import ProviderKit
public import SessionLog
public import SessionTimeline
import Timestamps

/// A log, read to be replayed: its timeline, and the texts that a timeline leaves out.
public struct RecordedSession: Sendable {
    /// What happened.
    public let timeline: SessionTimeline
    /// The sessions that have recorded anew what earlier ones had recorded (`record_mode: all`).
    let replacing: Set<String>
    private let streamed: [StreamKey: [Int: String]]
    private let previews: [Preview]

    /// A call whose blocks streamed.
    private struct StreamKey: Hashable {
        var sessionID: String?
        var requestID: String?

        init(_ record: SessionRecord) {
            (sessionID, requestID) = (record.sessionID, record.requestID)
        }

        init(_ call: ProviderCall) {
            (sessionID, requestID) = (call.sessionID, call.requestID)
        }
    }

    /// What the end of a prompt says of the answer.
    private struct Preview {
        var sessionID: String?
        var time: LogTimestamp
        var text: String
        var isWhole: Bool

        /// Hosts cut it; whether they did, its length beside it tells: in characters or, of programs in Python, in code points.
        init?(_ record: SessionRecord) {
            guard let text = record.data["response_preview"]?.string, let time = record.timestamp else { return nil }
            (sessionID, self.time, self.text) = (record.sessionID, time, text)
            isWhole = record.data["length"]?.int.map { $0 == text.count || $0 == text.unicodeScalars.count } ?? false
        }
    }

    /// The name of the member that says that a call takes the place of earlier ones.
    static let recordModeKey = "record_mode"

    /// Reads a log; of a folder, its `events.jsonl`.
    /// - Throws: `SessionLogError` where it cannot be opened or read.
    public static func read(log path: String) throws(SessionLogError) -> RecordedSession {
        var reader = try SessionLogReader(path: path, unpacksContents: true)
        var session = Gathering()
        while let line = try reader.next() {
            switch line {
            case .record(let record): session.add(record)
            case .skipped(let line, let reason): session.builder.skip(line: line, reason: reason)
            }
        }
        return RecordedSession(session)
    }

    /// The records of a log.
    init(_ records: [SessionRecord]) {
        var session = Gathering()
        for record in records { session.add(record) }
        self.init(session)
    }

    private init(_ gathered: Gathering) {
        timeline = gathered.builder.timeline
        replacing = gathered.replacing
        streamed = gathered.streamed
        previews = gathered.previews
    }

    private struct Gathering {
        var builder = TimelineBuilder()
        var replacing: Set<String> = []
        var streamed: [StreamKey: [Int: String]] = [:]
        var previews: [Preview] = []

        mutating func add(_ record: SessionRecord) {
            builder.add(record)
            switch record.event {
            case EventName.llmStreamBlockStart:
                guard let block = record.data["block_index"]?.int else { return }
                // What has streamed of it, and of blocks behind it, is of an attempt that was given up.
                let key = StreamKey(record)
                if let before = streamed[key] { streamed[key] = before.filter { $0.key < block } }
            case EventName.llmStreamBlockDelta:
                guard let text = record.data["text"]?.string, let block = record.data["block_index"]?.int else { return }
                streamed[StreamKey(record), default: [:]][block, default: ""] += text
            case EventName.llmCallRaw where record.data[RecordedSession.recordModeKey] == .string(RecordMode.all.rawValue):
                if let id = record.sessionID { replacing.insert(id) }
            case EventName.promptComplete:
                if let preview = Preview(record) { previews.append(preview) }
            default: break
            }
        }
    }

    /// The text of a block as it streamed; `nil` where the log has none of it.
    func streamedText(of call: ProviderCall, block: Int) -> String? {
        streamed[StreamKey(call)]?[block]
    }

    /// How the answer to a prompt begins, where the log says no more of it (`prompt:complete`).
    func preview(of turn: PromptTurn) -> (text: String, isWhole: Bool)? {
        guard let start = turn.start else { return nil }
        let end = turn.end
        let found = previews.first { preview in
            preview.time >= start && (end.map { preview.time <= $0 } ?? true)
                && (turn.sessionID == nil || preview.sessionID == turn.sessionID)
        }
        return found.map { ($0.text, $0.isWhole) }
    }
}

import JSON
public import Timestamps

/// What a session was about, read from `metadata.json` beside its log and from the beginning and the end of the log.
public struct SessionSummary: Sendable, Hashable {
    /// Where it lies.
    public let location: SessionLocation
    /// When it began; `nil` where neither file says.
    public var created: LogTimestamp?
    /// The model that was asked last, as far as the ends of the log tell.
    public var model: String?
    /// The provider that was asked last.
    public var provider: String?
    /// How it ended: `ok`, `error`, `cancelled`; `nil` where its log has no end (yet).
    public var status: String?
    /// Why it, or the last call at the end of the log, failed.
    public var error: String?
    /// How many prompts were put; `nil` where that is not known without reading all of the log.
    public var promptCount: Int?
    /// Its name, else its first prompt.
    public var name: String?
    /// The folder in which it ran, where `metadata.json` says.
    public var workingFolder: String?

    private var isLastCallCancelled = false

    /// Whether it, or the last call in it, failed.
    public var hasFailed: Bool { status == "error" || error != nil }

    /// Reads the summary of a session: at most 1 MiB of `metadata.json`, and 64 KiB of the log at either end.
    public init(of location: SessionLocation) {
        self.location = location
        let ends = LogEnds(location: location)
        for record in ends.first { takeFromBeginning(record) }
        for record in ends.last { takeFromEnd(record) }
        if ends.isWhole { promptCount = ends.promptCount }
        if let metadata = BoundedFile.object(at: location.folder + "/metadata.json") { take(metadata) }
    }

    private mutating func takeFromBeginning(_ record: SessionRecord) {
        created = created ?? record.timestamp
        if record.event == "prompt:submit" { name = name ?? record.data["prompt"]?.string }
        takeModel(record)
    }

    private mutating func takeFromEnd(_ record: SessionRecord) {
        takeModel(record)
        switch record.event {
        case "session:end":
            let reason = Self.reason(record.members["error"])
            if let told = record.members["status"]?.string {
                (status, error) = (told, reason)
            } else {
                // Hosts that say no more than that it ended, as Amplifier does: how its last call ended counts.
                error = reason ?? error
                status = error != nil ? "error" : isLastCallCancelled ? "cancelled" : "ok"
            }
        case "llm:response":
            isLastCallCancelled = record.members["status"]?.string == "cancelled"
            error = record.members["status"]?.string == "error" ? Self.reason(record.members["error"]) ?? "unknown error" : nil
        // The session went on.
        default: status = nil
        }
    }

    private mutating func takeModel(_ record: SessionRecord) {
        guard record.event.hasPrefix("llm:") else { return }
        model = record.data["model"]?.string ?? model
        provider = record.data["provider"]?.string ?? provider
    }

    private mutating func take(_ metadata: JSONObject) {
        func text(_ key: String) -> String? { metadata[key]?.string.flatMap { $0.isEmpty ? nil : $0 } }
        created = text("created").flatMap { LogTimestamp($0) } ?? created
        model = model ?? text("model")
        name = text("name") ?? name
        workingFolder = text("working_dir")
        promptCount = metadata["turn_count"]?.int ?? promptCount
    }

    /// The words for an error: a text, or the message of an object.
    private static func reason(_ error: JSONValue?) -> String? {
        switch error {
        case .string(let text)?: text
        case .object(let members)?: members["msg"]?.string ?? members["message"]?.string ?? error?.text
        case nil, .null?: nil
        default: error?.text
        }
    }
}

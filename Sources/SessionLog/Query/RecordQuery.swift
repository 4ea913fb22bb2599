import JSON
public import Timestamps

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Which records of a log are wanted. Without a condition all are.
public struct RecordQuery: Sendable {
    /// Patterns of events' names (`fnmatch`: `llm:*`). A record must fit one of them, and none of those that begin with `!`.
    public var events: [String]
    /// The least serious level that is wanted.
    public var minimumLevel: LogLevel?
    /// The request that a record must belong to: the beginning of its id is enough.
    public var requestID: String?
    /// The earliest time that is wanted; records without a time are not, then.
    public var since: LogTimestamp?
    /// The time before which it must have been.
    public var until: LogTimestamp?
    /// The `status` that a record must have.
    public var status: String?
    /// What must stand in it.
    public var text: TextPattern?

    /// A query for all records, to which conditions are added.
    public init(
        events: [String] = [], minimumLevel: LogLevel? = nil, requestID: String? = nil, since: LogTimestamp? = nil,
        until: LogTimestamp? = nil, status: String? = nil, text: TextPattern? = nil
    ) {
        self.events = events
        self.minimumLevel = minimumLevel
        self.requestID = requestID
        self.since = since
        self.until = until
        self.status = status
        self.text = text
    }

    /// Whether a record fulfils all conditions but those of its event, and of the text, which is looked for in lines.
    func matchesBesidesEvent(_ record: SessionRecord) -> Bool {
        guard minimumLevel == nil || wantsLevel(record.level) else { return false }
        if since != nil || until != nil {
            guard let time = record.timestamp, wantsTime(time) else { return false }
        }
        if let requestID, record.requestID?.hasPrefix(requestID) != true { return false }
        if let status, record.members["status"]?.string != status { return false }
        return true
    }

    /// Whether events of this name are wanted.
    public func wantsEvent(_ name: String) -> Bool {
        var needsOne = false
        var hasOne = false
        for pattern in events {
            if pattern.hasPrefix("!") {
                if fnmatch(String(pattern.dropFirst()), name, FNM_NOESCAPE) == 0 { return false }
            } else if !hasOne {
                needsOne = true
                hasOne = fnmatch(pattern, name, FNM_NOESCAPE) == 0
            }
        }
        return hasOne || !needsOne
    }

    func wantsLevel(_ level: LogLevel?) -> Bool {
        minimumLevel.map { (level ?? .info).severity >= $0.severity } ?? true
    }

    func wantsTime(_ time: LogTimestamp) -> Bool {
        if let since, time < since { return false }
        if let until, time >= until { return false }
        return true
    }
}

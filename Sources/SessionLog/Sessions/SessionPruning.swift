public import Timestamps

/// Which sessions are not to be kept.
public struct SessionPruning: Sendable, Hashable {
    /// Sessions whose log was not written to for as many seconds go.
    public var age: Int?
    /// As many sessions stay, the last written.
    public var count: Int?
    /// As many bytes of logs stay, of the last written sessions.
    public var bytes: Int?

    /// The limits that there are; a session that is beyond one of them goes.
    public init(age: Int? = nil, count: Int? = nil, bytes: Int? = nil) {
        self.age = age
        self.count = count
        self.bytes = bytes
    }

    /// The sessions that go, of those in `sessions`, the last written first in both.
    public func selected(from sessions: [SessionLocation], now: LogTimestamp = .now()) -> [SessionLocation] {
        var total = 0
        return sessions.enumerated().filter { index, session in
            total = total.addingReportingOverflow(session.bytes).overflow ? Int.max : total + session.bytes
            if let count, index >= count { return true }
            if let bytes, total > bytes { return true }
            guard let age else { return false }
            return now.seconds.subtractingReportingOverflow(session.modified.seconds).partialValue >= age
        }.map(\.element)
    }
}

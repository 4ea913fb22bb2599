public import JSON
public import Timestamps

/// One event of a session, as it is handed to the log.
public struct SessionEvent: Sendable, Hashable {
    /// The name of the log's own event about records that had no room in its queue.
    static let droppedName = "log:dropped"

    /// The name, such as `llm:request`.
    public var name: String
    /// Everything that is to be known about it, flat: the log itself moves the well-known members beside `data`.
    public var payload: JSONObject
    /// When it happened.
    public var time: LogTimestamp

    /// An event that happened now, or at `time`.
    public init(_ name: String, _ payload: JSONObject = [:], at time: LogTimestamp = .now()) {
        self.name = name
        self.payload = payload
        self.time = time
    }
}

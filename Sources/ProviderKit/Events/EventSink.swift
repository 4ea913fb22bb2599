public import JSON

/// Where a provider's session events go: a host's hooks and its log.
///
/// `emit` must return soon and must not throw: it is called on the path of a streamed token.
public protocol EventSink: Sendable {
    /// Whether anybody wants events of this name; a provider need not build the data of others.
    func wants(_ event: String) -> Bool

    /// Hands an event over. `data` holds no secrets; a provider has redacted it.
    func emit(_ event: String, _ data: JSONObject)
}

/// A sink that wants nothing.
public struct NoEvents: EventSink {
    /// A sink that wants nothing.
    public init() {}

    /// Nothing is wanted.
    public func wants(_ event: String) -> Bool { false }

    /// Drops the event.
    public func emit(_ event: String, _ data: JSONObject) {}
}

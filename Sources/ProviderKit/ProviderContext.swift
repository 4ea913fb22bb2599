/// What a host gives a provider when it mounts it.
public struct ProviderContext: Sendable {
    /// Where the provider's events go.
    public var events: any EventSink
    /// The name of this instance, where a session mounts several providers of one module; it belongs in every event.
    public var instanceID: String?
    /// The session's id, stable over its calls.
    public var sessionID: String?
    /// The environment variables that the provider may read.
    public var environment: [String: String]
    /// Is told each secret that the provider comes by, from its configuration or later, so that the host keeps it out of its log and from
    /// the commands that it runs. May be called on any thread.
    public var keepSecret: @Sendable (String) -> Void

    /// A context.
    public init(
        events: any EventSink = NoEvents(), instanceID: String? = nil, sessionID: String? = nil, environment: [String: String] = [:],
        keepSecret: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.events = events
        self.instanceID = instanceID
        self.sessionID = sessionID
        self.environment = environment
        self.keepSecret = keepSecret
    }
}

/// One of two sessions that are compared.
public struct ComparedSession: Sendable, Hashable {
    /// What to call it: a file's name, or where the calls were sent.
    public var label: String
    /// The path of its log.
    public var log: String?
    /// Its id.
    public var sessionID: String?
    /// The models that were asked, in the order in which they appear.
    public var models: [String]

    /// A session.
    public init(label: String, log: String? = nil, sessionID: String? = nil, models: [String] = []) {
        self.label = label
        self.log = log
        self.sessionID = sessionID
        self.models = models
    }
}

public import JSON
public import Timestamps

/// What happened in a session, put together from the records of its log.
public struct SessionTimeline: Sendable {
    /// Something that the user should know of and that belongs to no call (`provider:warning`, `provider:resolve`, `log:dropped`, …).
    public struct Note: Sendable {
        /// When it was told.
        public var time: LogTimestamp?
        /// The event's name.
        public var event: String
        /// What it says.
        public var message: String
        /// Whether it is a warning or an error.
        public var isProblem: Bool

        /// A note.
        public init(event: String, message: String, isProblem: Bool) {
            self.event = event
            self.message = message
            self.isProblem = isProblem
        }
    }

    /// The session: of several in one log the first. Each turn and each call names its own.
    public var sessionID: String?
    /// The session that it was started by.
    public var parentID: String?
    /// When it began.
    public var start: LogTimestamp?
    /// When it ended.
    public var end: LogTimestamp?
    /// How it ended: `ok`, `error`, `cancelled`; `nil` where the log has no end.
    public var status: String?
    /// Why it failed.
    public var error: String?
    /// The prompts, with what was done for each; calls outside of any prompt are in one that has no `prompt`.
    public var turns: [PromptTurn] = []
    /// What else there is to know.
    public var notes: [Note] = []
    /// How many records there are, and the lines that are none.
    public var recordCount = 0
    /// The lines that are no records, and why.
    public var skippedLines: [(line: Int, reason: String)] = []
    /// `metadata.json` beside the log, where there is one.
    public var metadata: JSONObject = [:]

    /// A session of which nothing is known yet.
    public init() {}

    /// All calls of providers, in the order in which they began.
    public var calls: [ProviderCall] { turns.flatMap(\.calls) }
}

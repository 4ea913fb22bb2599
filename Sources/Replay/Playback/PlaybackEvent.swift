/// Something that is shown when a session is played back.
public struct PlaybackEvent: Sendable, Hashable {
    /// What is shown.
    public enum Kind: Sendable, Hashable {
        /// The user's prompt.
        case prompt(String)
        /// A provider is asked: its name and its model, as far as they are known.
        case callStarted(String)
        /// A piece of the answer.
        case text(String)
        /// A piece of its reasoning.
        case thinking(String)
        /// A block of the answer is complete.
        case blockEnded
        /// A tool is called, with these arguments as JSON text.
        case toolCall(name: String, input: String)
        /// A tool is done.
        case toolResult(name: String, output: String, hasFailed: Bool)
        /// Another attempt follows.
        case retry(String)
        /// A call has failed, or the session has.
        case failure(String)
        /// A call is over: why it ended, and what it took.
        case callEnded(String)
        /// Something that the user should know.
        case note(String)
    }

    /// When it happened, from the beginning of the log.
    public var time: Duration
    /// The call that it belongs to, from 1 in the log's order.
    public var call: Int?
    /// What is shown.
    public var kind: Kind

    /// Something that is shown.
    public init(time: Duration, call: Int? = nil, kind: Kind) {
        self.time = time
        self.call = call
        self.kind = kind
    }

    /// Whether it is a part of something that goes on.
    var isPiece: Bool {
        switch kind {
        case .text, .thinking: true
        default: false
        }
    }
}

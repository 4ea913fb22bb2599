/// How a `ScriptedTransport` answers one request.
public struct ScriptedExchange: Sendable {
    /// What happens next on a body.
    public enum Step: Sendable {
        /// These bytes arrive, in one batch.
        case bytes([UInt8])
        /// The exchange fails.
        case fail(TransportError)
        /// Nothing comes until the reader gives up, or the time of the whole request is up.
        case hang
    }

    /// What `send` does.
    enum Start: Sendable {
        case head(status: Int, headers: HTTPHeaders)
        case fail(TransportError)
        case hang
    }

    let start: Start
    let steps: [Step]

    private init(start: Start, steps: [Step]) {
        self.start = start
        self.steps = steps
    }

    /// A response whose body goes through `steps` and then ends.
    public init(status: Int = 200, headers: HTTPHeaders = [:], steps: [Step]) {
        self.init(start: .head(status: status, headers: headers), steps: steps)
    }

    /// A response with a body in one batch.
    public init(status: Int = 200, headers: HTTPHeaders = [:], body: String) {
        self.init(status: status, headers: headers, steps: [.bytes(Array(body.utf8))])
    }

    /// `send` throws `error`.
    public static func failing(_ error: TransportError) -> ScriptedExchange {
        ScriptedExchange(start: .fail(error), steps: [])
    }

    /// `send` waits until it is cancelled or a time limit of the request passes.
    public static let hanging = ScriptedExchange(start: .hang, steps: [])
}

import Locks

/// A transport that answers from a script, for tests: no sockets, no server.
///
///     let transport = ScriptedTransport([
///         ScriptedExchange(body: "data: 1\n\n"),
///         ScriptedExchange(steps: [.bytes(part), .fail(TransportError(.connectionLost, "cut"))]),
///         .hanging,
///     ])
///
/// Afterwards `requests` tells what was sent, and `abandonedCount` how many exchanges were not read to their end.
public final class ScriptedTransport: Transport {
    /// Chooses an exchange for a request.
    public typealias Answer = @Sendable (_ request: HTTPRequest) throws(TransportError) -> ScriptedExchange

    private struct State {
        var requests: [HTTPRequest] = []
        var abandonedCount = 0
    }

    private let exchanges: [ScriptedExchange]
    private let answer: Answer?
    private let state = Guarded(State())

    /// A transport that answers the first request with the first exchange and so on; a request too many fails with `.other`.
    public init(_ exchanges: [ScriptedExchange]) {
        self.exchanges = exchanges
        answer = nil
    }

    /// A transport that asks `answer` for each request; what that throws, `send` throws.
    public init(answering answer: @escaping Answer) {
        exchanges = []
        self.answer = answer
    }

    /// The requests that were sent, in order.
    public var requests: [HTTPRequest] { state.withLock { $0.requests } }

    /// How many exchanges were cancelled or dropped before their end was read: over a socket, their connections would be closed.
    public var abandonedCount: Int { state.withLock { $0.abandonedCount } }

    /// Notes the request and answers as the script says.
    /// - Throws: what the script says; `.other` when it has no answer; `.firstByteTimeout` and `.timeout` where it hangs for longer than the
    ///   request allows; `.cancelled`.
    public func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        guard !Task.isCancelled else { throw .cancelledByCaller }
        let number = state.withLock { state in
            state.requests.append(request)
            return state.requests.count
        }
        let exchange = try exchange(number, for: request)
        let end = Self.limit(request.timeouts.total, .timeout)
        switch exchange.start {
        case .head(let status, let headers):
            return HTTPResponse(status: status, headers: headers, body: HTTPBody(body(exchange.steps, by: end)))
        case .fail(let error): throw error
        case .hang:
            _ = try await body([.hang], by: end).next(by: Self.limit(request.timeouts.firstByte, .firstByteTimeout))
            throw .cancelledByCaller
        }
    }

    private static func limit(_ duration: Duration?, _ code: TransportError.Code) -> ReadLimit? {
        duration.map { ReadLimit(deadline: .now + $0, error: TransportError(code, "nothing came within \($0.text)")) }
    }

    private func exchange(_ number: Int, for request: HTTPRequest) throws(TransportError) -> ScriptedExchange {
        if let answer { return try answer(request) }
        guard number <= exchanges.count else {
            throw TransportError(.other, "the script has no exchange number \(number) for \(request.method) \(request.url)")
        }
        return exchanges[number - 1]
    }

    private func body(_ steps: [ScriptedExchange.Step], by end: ReadLimit?) -> ScriptedBody {
        let state = state
        return ScriptedBody(steps, by: end) { state.withLock { $0.abandonedCount += 1 } }
    }
}

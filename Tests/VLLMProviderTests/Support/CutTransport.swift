import HTTPTransport
import Locks

/// A server whose first answer breaks off behind so many bytes of its body.
struct CutTransport: Transport {
    let transport: any Transport
    /// Where it breaks off; `nil` keeps it whole.
    let cut: Int?
    /// The body of the first answer, which every cut is of.
    let first = Guarded<[UInt8]?>(nil)

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let response = try await transport.send(request)
        guard request.path.hasSuffix("/completions"), first.withLock({ $0 }) == nil else { return response }
        let body = try await response.body.collect(upTo: 10_000_000)
        first.withLock { $0 = body }
        let lost = ScriptedExchange.Step.fail(TransportError(.connectionLost, "the connection broke"))
        let steps = cut.map { [.bytes(Array(body.prefix($0))), lost] } ?? [.bytes(body)]
        return try await ScriptedTransport([ScriptedExchange(status: response.status, headers: response.headers, steps: steps)]).send(
            request)
    }
}

import HTTPTransport
import JSON
import ProviderKit
import Testing

@testable import VLLMProvider

@Suite("Questions beside the calls", .timeLimit(.minutes(2)))
struct ServerWatcherTests {
    private func pool(_ answer: ScriptedExchange) throws -> ServerPool {
        try VLLMProvider(transport: ScriptedTransport(answering: { _ throws(TransportError) in answer })).core.pool
    }

    @Test(
        "a server is well that answers, with whatever but a 5xx, and not one whose gateway answers",
        arguments: [
            (ScriptedExchange(body: ""), true),
            (.json(["detail": "Not Found"], status: 404), true),
            (.json(["error": "Unauthorized"], status: 401), true),
            (.json(["detail": "dead"], status: 503), false),
            (.failing(TransportError(.connectionFailed, "nobody")), false),
            (ScriptedExchange(status: 403, headers: ["cf-mitigated": "challenge"], body: "<html></html>"), false),
            (ScriptedExchange(status: 404, headers: ["ngrok-error-code": "ERR_NGROK_3200"], body: "offline"), false),
        ] as [(ScriptedExchange, Bool)])
    func health(answer: ScriptedExchange, isWell: Bool) async throws {
        let pool = try pool(answer)
        #expect(await pool.watcher.isWell(pool.servers[0]) == isWell)
    }

    @Test(
        "a server is the last to be asked only where it cannot be reached or does not answer in time",
        arguments: [
            (.failing(TransportError(.connectionFailed, "x")), .unreachable), (.failing(TransportError(.timeout, "x")), .unreachable),
            (.failing(TransportError(.firstByteTimeout, "x")), .unreachable), (.failing(TransportError(.tooLarge, "x")), .untold),
            (.failing(TransportError(.protocolViolation, "x")), .untold), (.failing(TransportError(.cancelled, "x")), .unasked),
            (.failing(TransportError(.closed, "x")), .unasked), (.json(["detail": "Not Found"], status: 404), .untold),
            (ScriptedExchange(body: "vllm:num_requests_running 3.0\n"), .requests(3)),
        ] as [(ScriptedExchange, ServerLoad)])
    func load(answer: ScriptedExchange, load: ServerLoad) async throws {
        let pool = try pool(answer)
        #expect(await pool.watcher.load(of: pool.servers[0]) == load)
    }
}

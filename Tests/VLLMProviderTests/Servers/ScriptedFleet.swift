import HTTPTransport
import JSON
import Locks
import ProviderKit

@testable import VLLMProvider

/// Several scripted servers, `http://a` and so on, each of which can be taken down.
final class ScriptedFleet: Sendable {
    /// A server.
    struct Server: Sendable {
        var models = ["m"]
        var window = 2048
        /// What it does with requests.
        var state = State.well
        /// How many requests it says that it has.
        var requestCount: Int?
        /// Its answer to /metrics, where that is none of numbers.
        var metrics: ScriptedExchange?
    }

    enum State: Sendable {
        case well
        /// Nobody listens.
        case down
        /// The engine is paused: `/health` says 200, and generation runs into a time limit.
        case paused
        /// It does not take the request.
        case refusing
    }

    private let servers: Guarded<[String: Server]>
    private let log = Guarded<[String]>([])
    private let sent = Guarded<[HTTPRequest]>([])

    init(_ servers: [String: Server]) {
        self.servers = Guarded(servers)
    }

    /// Changes a server.
    func change(_ name: String, _ change: (inout Server) -> Void) {
        servers.withLock { change(&$0[name, default: Server()]) }
    }

    /// The servers that were asked for answers, in order.
    var asked: [String] { log.withLock { $0 } }

    /// All requests, in order.
    var requests: [HTTPRequest] { sent.withLock { $0 } }

    /// Returns when a server was asked so often for something beside answers; `false` where that does not come to pass.
    func isAsked(_ name: String, for path: String, times: Int = 1) async -> Bool {
        for _ in 1...100_000 {
            if count(name, path) >= times { return true }
            await Task.yield()
        }
        return false
    }

    /// How often a server was asked for something.
    func count(_ name: String, _ path: String) -> Int { requests.count { $0.url == "http://\(name)\(path)" } }

    /// A provider of them.
    func provider(
        _ settings: JSONObject = [:], events: any EventSink = NoEvents(), clock: CallClock = .continuous
    ) throws -> VLLMProvider {
        let names = servers.withLock { $0.keys.sorted() }
        var configuration: JSONObject = [
            "base_url": "http://a", "base_urls": .array(names.map { .string("http://\($0)") }), "use_completions": false, "max_retries": 0,
        ]
        configuration.merge(settings)
        return try VLLMProvider(
            configuration, transport: WithoutLimits(transport: transport), events: events, tellsModels: true, clock: clock)
    }

    private var transport: ScriptedTransport {
        ScriptedTransport(answering: { [self] request throws(TransportError) in
            sent.withLock { $0.append(request) }
            let name = String(request.url.dropFirst("http://".count).prefix { $0 != "/" })
            let server = servers.withLock { $0[name] } ?? Server()
            guard server.state != .down else { throw TransportError(.connectionFailed, "nobody listens at http://\(name)") }
            switch request.path {
            case "/health": return ScriptedExchange(body: "")
            case "/load": return .json(["server_load": 0])
            case "/metrics":
                if let metrics = server.metrics { return metrics }
                guard let count = server.requestCount else { return .json(["detail": "Not Found"], status: 404) }
                return ScriptedExchange(body: "vllm:num_requests_running{engine=\"0\"} \(count).0\n")
            case "/v1/models":
                let models = server.models.map { ["id": .string($0), "max_model_len": .integer(server.window)] as JSONValue }
                return .json(["object": "list", "data": .array(models)])
            default:
                log.withLock { $0.append(name) }
                let model = (try? JSONValue(parsing: request.body ?? []))?["model"]?.string
                if server.state == .well, let model, !server.models.contains(model) {
                    return .json(["error": ["message": .string("The model `\(model)` does not exist."), "code": 404]], status: 404)
                }
                switch server.state {
                case .well: return .chat([["content": .string("from \(name)")]])
                case .refusing: return .json(["error": ["message": "no such field", "code": 400]], status: 400)
                case .down, .paused: throw TransportError(.firstByteTimeout, "no byte")
                }
            }
        })
    }
}

/// Whoever does not say how busy it is does so for as long as a test lasts, however slow the machine.
private struct WithoutLimits: Transport {
    let transport: ScriptedTransport

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        var request = request
        if request.path == "/metrics" { request.timeouts = HTTPTimeouts() }
        return try await transport.send(request)
    }
}

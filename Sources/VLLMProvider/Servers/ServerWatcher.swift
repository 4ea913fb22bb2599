import HTTPTransport
import VLLMClient

/// What asks servers beside the calls whether they are well, how busy they are, and what models they have: with the header fields of the
/// provider, and not with those of the call that happens to come by.
struct ServerWatcher: Sendable {
    /// How long a question waits.
    static let patience = Duration.seconds(5)

    private let client: VLLMClient
    private let connectTimeout: Duration

    init(_ client: VLLMClient, limits: TimeLimits) {
        self.client = client
        connectTimeout = min(limits.connect, Self.patience)
    }

    /// Whether a server with an open circuit is well. What answers at all counts as well, except with a 5xx: not every server knows
    /// `/health`. What a gateway says in its place does not.
    func isWell(_ server: VLLMServer) async -> Bool {
        do throws(VLLMError) {
            try await client(server).health()
            return true
        } catch {
            return error.status.map { $0 < 500 } ?? false && GatewayPage(error) == nil
        }
    }

    /// How many requests a server has.
    func load(of server: VLLMServer) async -> ServerLoad {
        do throws(VLLMError) { return .requests(try await client(server).requestCount()) } catch {
            guard case .transport(let failure) = error.kind else { return .untold }
            return ServerLoad(failure.code)
        }
    }

    /// Asks a server anew for its models, for those who ask later.
    func refreshModels(of server: VLLMServer) async {
        var client = client
        client.baseURL = server.baseURL
        _ = try? await server.models.list(client)
    }

    private func client(_ server: VLLMServer) -> VLLMClient {
        var client = client
        client.baseURL = server.baseURL
        client.timeouts = HTTPTimeouts(connect: connectTimeout, total: Self.patience)
        return client
    }
}

/// What was found out about how busy a server is.
enum ServerLoad: Sendable, Hashable {
    case requests(Int)
    /// The server does not tell.
    case untold
    /// It cannot be reached.
    case unreachable
    /// The question was not put: what was known before holds.
    case unasked

    /// What a question says that failed on its way.
    fileprivate init(_ failure: TransportError.Code) {
        switch failure {
        case .cancelled, .closed: self = .unasked
        case .hostNotFound, .connectionFailed, .connectionLost, .tls, .proxy, .proxyRefused, .connectTimeout, .firstByteTimeout,
            .idleTimeout, .timeout:
            self = .unreachable
        default: self = .untold
        }
    }
}

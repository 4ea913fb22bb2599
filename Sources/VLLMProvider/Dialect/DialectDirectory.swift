import HTTPTransport
import Locks
import VLLMClient

/// Which version the server has: asked for once, when a call first needs to know. Calls that need it meanwhile wait for the same answer,
/// and when none of them waits any more, nobody is asked.
final class DialectDirectory: Sendable {
    private let known = Guarded<Dialect?>(nil)
    private let flight = SingleFlight<Result<ServerVersion?, VLLMError>>()

    /// The dialect of the server; the newest, where the server does not tell its version.
    func dialect(_ client: LimitedClient) async -> Dialect {
        if let known = known.withLock({ $0 }) { return known }
        let answer = await flight.value(until: client.answerLimit.deadline) { await Self.version(client) }
        switch answer {
        case .success(let version): return keep(.vllm(version))
        // What has no `/version`, or lets nobody see it, will be no other the next time; what a gateway says in its place will be.
        case .failure(let error) where [200, 401, 403, 404, 405].contains(error.status) && GatewayPage(error) == nil:
            return keep(.vllm(nil))
        // Where the time is up or the call is cancelled, it ends with its next request.
        case .failure, nil: return .vllm(nil)
        }
    }

    private func keep(_ dialect: Dialect) -> Dialect {
        known.withLock { $0 = dialect }
        return dialect
    }

    private static func version(_ client: LimitedClient) async -> Result<ServerVersion?, VLLMError> {
        do throws(VLLMError) { return .success(ServerVersion(reported: try await client.next().version())) } catch {
            return .failure(error)
        }
    }
}

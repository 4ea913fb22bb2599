import Locks
import VLLMClient

/// Which version the server has: asked for once, when a call first needs to know. Calls that need it meanwhile wait for the same answer.
final class DialectDirectory: Sendable {
    private enum State {
        case unknown
        case asking([AsyncStream<Dialect>.Continuation])
        case known(Dialect)
    }

    private let state = Guarded(State.unknown)

    /// The dialect of the server; the newest, where the server does not tell its version.
    func dialect(_ client: LimitedClient) async -> Dialect {
        let (answers, answer) = AsyncStream.makeStream(of: Dialect.self)
        let isFirst = state.withLock { state in
            switch state {
            case .unknown:
                state = .asking([answer])
                return true
            case .asking(let waiting):
                state = .asking(waiting + [answer])
            case .known(let dialect):
                answer.yield(dialect)
            }
            return false
        }
        // Not within the call: that one may be cancelled while others wait.
        if isFirst { Task { self.answer(await Self.version(client)) } }
        for await dialect in answers { return dialect }
        // Cancelled: the call ends with its next request.
        return .vllm(nil)
    }

    private func answer(_ version: Result<ServerVersion?, VLLMError>) {
        let (dialect, isLasting): (Dialect, Bool) =
            switch version {
            case .success(let version): (.vllm(version), true)
            // What has no `/version`, or lets nobody see it, will be no other the next time; what a gateway says in its place will be.
            case .failure(let error): (.vllm(nil), [200, 401, 403, 404, 405].contains(error.status) && GatewayPage(error) == nil)
            }
        let waiting = state.withLock { state in
            guard case .asking(let waiting) = state else { return [AsyncStream<Dialect>.Continuation]() }
            state = isLasting ? .known(dialect) : .unknown
            return waiting
        }
        for answer in waiting { answer.yield(dialect) }
    }

    private static func version(_ client: LimitedClient) async -> Result<ServerVersion?, VLLMError> {
        do throws(VLLMError) { return .success(ServerVersion(reported: try await client.next().version())) } catch {
            return .failure(error)
        }
    }
}

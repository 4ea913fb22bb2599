import HTTPTransport
import VLLMClient

/// What is found out about servers beside the calls, and only while calls are made: nothing runs by itself.
extension VLLMCore {
    /// How long a probe waits, and the question how busy a server is.
    private static let patience = Duration.seconds(5)
    /// How long a call waits for the first answers to the latter.
    private static let firstPollPatience = Duration.milliseconds(250)

    /// Begins what is due.
    func watchServers() async {
        let (probes, poll) = pool.watch { state, now in (state.takeDueProbes(now), state.takeDuePoll(now)) }
        for server in probes { Task { await probe(server) } }
        switch poll {
        case .none: break
        case .inBackground: Task { await askLoads() }
        case .first:
            // Somebody else waits, too: the call may be cancelled, or go without answers, which are of use to others.
            Task { await pool.polling.value(until: clock.now() + Self.patience + Self.patience) { await askLoads() } }
            _ = await pool.polling.value(until: clock.now() + Self.firstPollPatience) { await askLoads() }
        }
    }

    /// Asks a server with an open circuit whether it is well. What answers at all counts as well, except with a 5xx: not every server knows
    /// `/health`.
    private func probe(_ index: Int) async {
        let isWell: Bool
        do throws(VLLMError) {
            try await watchingClient(index).health()
            isWell = true
        } catch {
            isWell = error.status.map { $0 < 500 } ?? false
        }
        pool.watch { state, now in state.probed(index, isWell: isWell, now) }
    }

    /// Asks all servers how busy they are.
    private func askLoads() async {
        await withTaskGroup(of: Void.self) { group in
            for index in pool.servers.indices {
                group.addTask {
                    let requests = await requestCount(of: index)
                    pool.watch { state, now in state.reported(index, requests: requests, now) }
                }
            }
        }
    }

    /// How many requests a server has; `nil` where it does not tell. One that cannot be reached is the last to be chosen.
    private func requestCount(of index: Int) async -> Int? {
        do throws(VLLMError) { return try await watchingClient(index).requestCount() } catch {
            return if case .transport = error.kind { .max } else { nil }
        }
    }

    private func watchingClient(_ index: Int) -> VLLMClient {
        var client = bound(to: pool.servers[index]).client()
        client.timeouts = HTTPTimeouts(connect: min(settings.limits.connect, Self.patience), total: Self.patience)
        return client
    }
}

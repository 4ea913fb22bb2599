import Locks
import ProviderKit

/// Lets providers find out about their servers in the background, each once, and not before it is likely to be asked.
final class ProviderPreparation: Sendable {
    private struct State {
        var tasks: [String: Task<Void, Never>] = [:]
        /// Those that a first request has waited for.
        var awaited: Set<String> = []
        var isClosed = false
    }

    private let state = Guarded(State())

    deinit { cancel() }

    /// Begins with a provider, unless that was done before.
    func begin(_ mounted: MountedProvider) {
        _ = task(mounted)
    }

    /// Waits until a provider has asked its server, whatever came of it, or the time is up.
    func wait(for mounted: MountedProvider, atMost limit: Duration = .seconds(5)) async {
        await task(mounted)?.wait(atMost: limit)
    }

    /// The same before the first request to a provider, and not before later ones: a server that is silent holds up a session once.
    func waitOnce(for mounted: MountedProvider) async {
        if state.withLock({ $0.awaited.insert(mounted.name).inserted }) { await wait(for: mounted) }
    }

    /// Ends what is under way, and begins nothing more.
    func cancel() {
        let tasks = state.withLock { state in
            state.isClosed = true
            return Array(state.tasks.values)
        }
        for task in tasks { task.cancel() }
    }

    /// Waits until all that was cancelled has ended.
    func end() async {
        for task in state.withLock({ Array($0.tasks.values) }) { await task.value }
    }

    private func task(_ mounted: MountedProvider) -> Task<Void, Never>? {
        let provider = mounted.provider
        return state.withLock { state in
            if let task = state.tasks[mounted.name] { return task }
            guard !state.isClosed else { return nil }
            let task = Task { () async -> Void in await provider.prepare() }
            state.tasks[mounted.name] = task
            return task
        }
    }
}

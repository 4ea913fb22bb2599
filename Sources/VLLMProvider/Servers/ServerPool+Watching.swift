/// What is found out about servers beside the calls, and only while calls are made or wait: nothing runs by itself.
extension ServerPool {
    /// How long a call waits for the first answers to the question how busy the servers are.
    private static let firstPollPatience = Duration.milliseconds(250)

    /// Asks a server with an open circuit whether it is well.
    func probe(_ server: Int) async {
        let isWell = await watcher.isWell(servers[server])
        watch { state, now in state.probed(server, isWell: isWell, now) }
    }

    /// Asks how busy the servers are, where that is due.
    func pollLoads() async {
        let poll = watch { state, now in state.takeDuePoll(now) }
        guard poll != .none else { return }
        // Somebody else than the call waits, too: it may be cancelled, or go without answers, which are of use to others.
        Task { await loads(within: ServerWatcher.patience * 2) }
        if poll == .first { await loads(within: Self.firstPollPatience) }
    }

    /// Asks servers that are known not to have a model whether they have it now, where that is due.
    func refreshModels(of lacking: Set<Int>) {
        let now = clock.now()
        for server in lacking where servers[server].models.takeRefresh(now) {
            Task { await watcher.refreshModels(of: servers[server]) }
        }
    }

    private func loads(within patience: Duration) async {
        _ = await polling.value(until: clock.now() + patience) { [self] in await askLoads() }
    }

    private func askLoads() async {
        await withTaskGroup(of: Void.self) { group in
            for index in servers.indices {
                group.addTask { [self] in
                    let load = await watcher.load(of: servers[index])
                    watch { state, now in state.reported(index, load, now) }
                }
            }
        }
    }
}

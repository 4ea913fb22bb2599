import Locks
import VLLMClient

/// The servers of a provider, and who may ask them: the shell around `ServerPoolState`.
final class ServerPool: Sendable {
    /// What somebody who stands in line is told.
    enum Outcome: Sendable {
        case granted(LeaseGrant)
        case refused(LeaseRefusal)
        /// A time has passed.
        case expired
        case cancelled
        case closed
    }

    /// Somebody in line, whose task may not listen yet, or no more.
    private enum Waiter {
        case joining
        case listening(CheckedContinuation<Outcome, Never>)
        case told(Outcome)
    }

    private struct State {
        var pool: ServerPoolState
        var waiters: [Int: Waiter] = [:]
        /// Looks again when a limit gives room, or a server may be asked or is to be probed.
        var alarm: (time: ContinuousClock.Instant, task: Task<Void, Never>)?
        var isClosed = false

        /// Tells somebody in line how it ends.
        mutating func tell(_ number: Int, _ outcome: Outcome, _ effects: inout Effects) {
            switch waiters[number] {
            case .joining: waiters[number] = .told(outcome)
            case .listening(let continuation):
                waiters[number] = nil
                effects.resumptions.append((continuation, outcome))
            case .told, nil: break
            }
        }
    }

    /// What is to be done behind the lock.
    private struct Effects: Sendable {
        var resumptions: [(continuation: CheckedContinuation<Outcome, Never>, outcome: Outcome)] = []
        /// The servers to probe.
        var probes: [Int] = []
        /// An alarm that is not wanted any more.
        var endedAlarm: Task<Void, Never>?
    }

    /// In the order of the configuration.
    let servers: [VLLMServer]
    let clock: CallClock
    let watcher: ServerWatcher
    private let state: Guarded<State>
    /// The question how busy the servers are, for those who wait for it.
    let polling: SingleFlight<Void>

    /// - Parameter client: asks servers beside the calls.
    init(_ settings: VLLMSettings, clock: CallClock, client: VLLMClient) {
        self.clock = clock
        polling = SingleFlight(clock: clock)
        watcher = ServerWatcher(client, limits: settings.limits)
        servers = settings.servers.baseURLs.map { VLLMServer(settings.bound(to: $0)) }
        state = Guarded(State(pool: ServerPoolState(settings.servers)))
    }

    deinit {
        state.withLock { $0.alarm?.task }?.cancel()
    }

    /// Asks for leave; whoever has to wait goes on with `outcome(of:)`.
    func ask(_ request: LeaseRequest) -> ServerPoolState.Answer? {
        let now = clock.now()
        return change { state in
            guard !state.isClosed else { return nil }
            let answer = state.pool.ask(request, now)
            if case .waits(let number, _) = answer { state.waiters[number] = .joining }
            return answer
        }
    }

    /// How the waiting of somebody in line ends, at the latest at `deadline`.
    func outcome(of number: Int, by deadline: ContinuousClock.Instant) async -> Outcome {
        let timer = Task { [clock] in
            do { try await clock.sleep(deadline) } catch { return }
            self.leave(number, .expired)
        }
        defer { timer.cancel() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { listen(number, $0) }
        } onCancel: {
            leave(number, .cancelled)
        }
    }

    /// What the holder of a lease tells.
    /// - Returns: what this does to the server's circuit.
    func report(_ report: ServerLease.Report, of grant: LeaseGrant) -> ServerPoolState.CircuitChange? {
        let now = clock.now()
        return change { $0.pool.report(report, of: grant, now) }
    }

    /// Sends everybody in line away, and lets nobody in any more.
    func close() {
        change { state in
            state.isClosed = true
        }
    }

    /// Looks at the state without changing it.
    func read<Result: Sendable>(_ body: @Sendable (ServerPoolState) -> Result) -> Result {
        state.withLock { body($0.pool) }
    }

    /// Changes what is known of the servers beside the calls.
    @discardableResult
    func watch<Result: Sendable>(_ body: @Sendable (inout ServerPoolState, ContinuousClock.Instant) -> Result) -> Result {
        let now = clock.now()
        return change { body(&$0.pool, now) }
    }

    private func listen(_ number: Int, _ continuation: CheckedContinuation<Outcome, Never>) {
        let outcome: Outcome? = state.withLock { state in
            if case .told(let outcome) = state.waiters[number] {
                state.waiters[number] = nil
                return outcome
            }
            state.waiters[number] = .listening(continuation)
            return nil
        }
        outcome.map { continuation.resume(returning: $0) }
    }

    private func leave(_ number: Int, _ outcome: Outcome) {
        let effects = state.withLock { state in
            var effects = Effects()
            state.pool.leave(number)
            state.tell(number, outcome, &effects)
            return effects
        }
        run(effects)
        // Whoever stood behind may go now.
        change { _ in }
    }

    /// Changes the state, and lets those in line go who may after that.
    @discardableResult
    private func change<Result: Sendable>(_ body: (inout State) -> Result) -> Result {
        let now = clock.now()
        let (result, effects) = state.withLock { state in
            let result = body(&state)
            var effects = Effects()
            settle(&state, now, &effects)
            return (result, effects)
        }
        run(effects)
        return result
    }

    private func run(_ effects: Effects) {
        effects.endedAlarm?.cancel()
        for (continuation, outcome) in effects.resumptions { continuation.resume(returning: outcome) }
        for server in effects.probes { Task { await probe(server) } }
    }

    private func settle(_ state: inout State, _ now: ContinuousClock.Instant, _ effects: inout Effects) {
        guard !state.isClosed else {
            for number in state.waiters.keys {
                state.pool.leave(number)
                state.tell(number, .closed, &effects)
            }
            return setAlarm(nil, &state, &effects)
        }
        effects.probes = state.pool.takeDueProbes(now)
        let settlement = state.pool.settle(now)
        for (number, answer) in settlement.answers {
            switch answer {
            case .granted(let grant): state.tell(number, .granted(grant), &effects)
            case .refused(let refusal): state.tell(number, .refused(refusal), &effects)
            case .waits: break
            }
        }
        setAlarm(settlement.wake, &state, &effects)
    }

    private func setAlarm(_ time: ContinuousClock.Instant?, _ state: inout State, _ effects: inout Effects) {
        guard state.alarm?.time != time else { return }
        effects.endedAlarm = state.alarm?.task
        state.alarm = time.map { time in
            let task = Task { [weak self, clock] in
                do { try await clock.sleep(time) } catch { return }
                self?.ring(time)
            }
            return (time, task)
        }
    }

    private func ring(_ time: ContinuousClock.Instant) {
        change { state in
            if state.alarm?.time == time { state.alarm = nil }
        }
    }
}

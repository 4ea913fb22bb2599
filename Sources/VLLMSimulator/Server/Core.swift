import Locks

/// What a simulator is behind its socket: the answers, and what it remembers of the requests.
final class Core: Sendable {
    private struct State {
        var record: RequestRecord
        var running = 0
    }

    private let options: VLLMSimulator.Options
    private let router: Router
    private let state: Guarded<State>
    /// Opens when the simulator stops.
    let stopping = SimulatorGate()

    init(options: VLLMSimulator.Options) {
        self.options = options
        router = Router(options: options)
        state = Guarded(State(record: RequestRecord(limit: options.recordedRequestLimit)))
    }

    /// The requests so far.
    var requests: [SimulatedRequest] { state.withLock { $0.record.requests } }

    /// How many requests are being answered.
    var running: Int { state.withLock { $0.running } }

    /// The answer to a request.
    func reply(to request: SimulatedRequest, isTooLarge: Bool) -> Reply {
        state.withLock { state in
            state.running += 1
            state.record.add(request)
        }
        options.observe?(.received(request))
        if let response = options.respond?(request) { return .scripted(response) }
        return isTooLarge ? .error(.detail(413, "Request Entity Too Large")) : router.reply(to: request)
    }

    /// Notes that a request is over.
    func finish(_ request: SimulatedRequest, isComplete: Bool) {
        state.withLock { $0.running -= 1 }
        options.observe?(.finished(request, isComplete: isComplete))
    }
}

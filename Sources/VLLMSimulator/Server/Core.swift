import Locks

/// What a simulator is behind its socket: the answers, and what it remembers of the requests.
final class Core: Sendable {
    private struct State {
        var record: RequestRecord
        var running = 0
        var faults: FaultScript
    }

    private let options: VLLMSimulator.Options
    private let router: Router
    private let state: Guarded<State>
    /// Whether there is nobody to answer: connections that are still open are cut at their next request.
    let isRefusing = Guarded(false)
    /// Makes the server refuse connections for so long.
    let refusal = Guarded<(@Sendable (Duration?) -> Void)?>(nil)
    /// Opens when the simulator stops.
    let stopping = SimulatorGate()

    init(options: VLLMSimulator.Options) {
        self.options = options
        router = Router(options: options)
        state = Guarded(State(record: RequestRecord(limit: options.recordedRequestLimit), faults: FaultScript(options.faults)))
    }

    /// The requests so far.
    var requests: [SimulatedRequest] { state.withLock { $0.record.requests } }

    /// How many requests are being answered.
    var running: Int { state.withLock { $0.running } }

    /// The seconds after which an idle connection is closed; 0 for never.
    var idleSeconds: UInt32 {
        guard let timeout = options.idleTimeout, timeout > .zero else { return 0 }
        return UInt32(clamping: timeout.components.seconds + (timeout.components.attoseconds > 0 ? 1 : 0))
    }

    /// The answer to a request, with its fault; `nil` where nobody is there to answer.
    func reply(to request: SimulatedRequest, isTooLarge: Bool) -> Reply? {
        guard !isRefusing.withLock({ $0 }) else { return nil }
        state.withLock { state in
            state.running += 1
            state.record.add(request)
        }
        options.observe?(.received(request))
        let path = request.path.hasPrefix(options.pathPrefix) ? request.path.dropFirst(options.pathPrefix.count) : request.path[...]
        do {
            let fault = try state.withLock { state throws(SimulatorError) in
                try state.faults.fault(path: String(path), header: request.header(FaultRule.headerName))
            }
            guard let fault else { return usualReply(to: request, isTooLarge: isTooLarge) }
            if case .refuse(let time) = fault { refusal.withLock { $0 }?(time) }
            return usualReply(to: fault == .otherForm ? request.inOtherForm : request, isTooLarge: isTooLarge).failing(fault)
        } catch {
            return .error(.badRequest("\(FaultRule.headerName): \(error.message)"))
        }
    }

    private func usualReply(to request: SimulatedRequest, isTooLarge: Bool) -> Reply {
        if let response = options.respond?(request) { return .scripted(response) }
        return isTooLarge ? .error(.detail(413, "Request Entity Too Large")) : router.reply(to: request)
    }

    /// Notes that a request is over.
    func finish(_ request: SimulatedRequest, isComplete: Bool) {
        state.withLock { $0.running -= 1 }
        options.observe?(.finished(request, isComplete: isComplete))
    }
}

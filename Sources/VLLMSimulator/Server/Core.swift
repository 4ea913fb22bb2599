import Locks

/// What a simulator is behind its socket: the answers, and what it remembers of the requests.
final class Core: Sendable {
    private struct Record {
        var requests: [SimulatedRequest] = []
        var running = 0
    }

    private let options: VLLMSimulator.Options
    private let router: Router
    private let record = Guarded(Record())
    /// Opens when the simulator stops.
    let stopping = SimulatorGate()

    init(options: VLLMSimulator.Options) {
        self.options = options
        router = Router(options: options)
    }

    /// The requests so far.
    var requests: [SimulatedRequest] { record.withLock { $0.requests } }

    /// How many requests are being answered.
    var running: Int { record.withLock { $0.running } }

    /// The answer to a request.
    func reply(to request: SimulatedRequest, isTooLarge: Bool) -> Reply {
        record.withLock { record in
            record.running += 1
            record.requests.append(request)
            // Twice the limit is let in before it is cut, so that each request costs little.
            let surplus = record.requests.count - options.recordedRequestLimit
            if surplus > options.recordedRequestLimit || options.recordedRequestLimit == 0 { record.requests.removeFirst(surplus) }
        }
        options.observe?(.received(request))
        if let response = options.respond?(request) { return .scripted(response) }
        return isTooLarge ? .error(.detail(413, "Request Entity Too Large")) : router.reply(to: request)
    }

    /// Notes that a request is over.
    func finish(_ request: SimulatedRequest, isComplete: Bool) {
        record.withLock { $0.running -= 1 }
        options.observe?(.finished(request, isComplete: isComplete))
    }
}

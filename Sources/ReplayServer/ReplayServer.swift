import JSON
import Locks
public import Replay
public import VLLMSimulator

/// An HTTP server that answers the requests of a log with the recorded answers, byte for byte.
public final class ReplayServer: Sendable {
    /// How a server answers.
    public struct Options: Sendable {
        /// The address to listen on.
        public var host = "127.0.0.1"
        /// The port; 0 takes any that is free.
        public var port = 0
        /// How many times as fast as recorded the answers come; `nil` for at once.
        public var speed: Double?
        /// Is told of each request when it is answered.
        public var observe: (@Sendable (Event) -> Void)?

        /// Answers at once, on any free port.
        public init() {}
    }

    /// What became of a request.
    public enum Event: Sendable {
        /// It was answered from the log.
        case served(SimulatedRequest, RecordedExchange)
        /// It is not in the log, which is what this says.
        case missed(SimulatedRequest, String)
        /// An answer is over.
        case finished
    }

    private let simulator: VLLMSimulator
    private let exchanges: Guarded<RecordedExchanges>

    /// Starts a server; it listens when this returns.
    /// - Throws: `SimulatorError` when the address cannot be listened on.
    public init(_ exchanges: RecordedExchanges, options: Options = Options()) throws(SimulatorError) {
        let recorded = Guarded(exchanges)
        self.exchanges = recorded
        let (speed, observe) = (options.speed, options.observe)
        var settings = VLLMSimulator.Options(port: options.port, host: options.host) { request in
            let body: JSONValue? = request.body.isEmpty ? nil : request.json ?? .string(String(decoding: request.body, as: UTF8.self))
            // Others are answered while this one is read, and while it is compared with all that was recorded.
            let log = recorded.withLock { $0 }
            let question = log.question(method: request.method, path: request.path, body: body)
            if let exchange = recorded.withLock({ $0.next(for: question) }) {
                observe?(.served(request, exchange))
                return SimulatedResponse(exchange, speed: speed)
            }
            let message = log.explanation(of: question)
            observe?(.missed(request, message))
            // The shape of vLLM's own errors.
            let error: JSONObject = [
                "message": .string(message), "type": "NotFoundError", "param": .null, "code": 404,
            ]
            return .json(["error": .object(error)], status: 404)
        }
        settings.recordedRequestLimit = 0
        settings.observe = { event in
            if case .finished = event { observe?(.finished) }
        }
        simulator = try VLLMSimulator(options: settings)
    }

    /// Where it is: `http://127.0.0.1:43210`.
    public var baseURL: String { simulator.baseURL }

    /// How many recorded answers were not given yet.
    public var remainingAnswers: Int { exchanges.withLock { $0.remainingCount } }

    /// Whether each recorded answer was given, and none is under way: what begins last need not end last.
    public var hasAnsweredAll: Bool {
        // In this order: an answer is under way before it counts as given.
        remainingAnswers == 0 && simulator.runningRequests == 0
    }

    /// Stops listening, and returns when nothing is answered any more.
    public func stop() { simulator.stop() }
}

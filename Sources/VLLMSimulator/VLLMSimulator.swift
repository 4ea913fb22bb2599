import Locks

/// A vLLM 0.32 server in the process: it serves the tiny model of the tests, whose dialogues it knows by heart, on a socket.
///
/// Its answers have the shapes of the real server byte for byte. It starts in milliseconds and many of them may run at once.
public final class VLLMSimulator: Sendable {
    private let options: Options
    private let core: Core
    private let daemon: Daemon
    /// The certificate in PEM that a client has to trust; `nil` where TLS is not spoken.
    public let certificate: String?

    /// Starts a simulator; it listens when this returns.
    /// - Throws: `SimulatorError` when the address cannot be listened on.
    public init(options: Options = Options()) throws(SimulatorError) {
        guard !options.models.isEmpty else { throw SimulatorError("a simulator needs a model name: set Options.models") }
        self.options = options
        let host = options.host
        let identity = try options.certificate.map { kind throws(SimulatorError) in try TLSIdentity(kind, host: host) }
        certificate = identity?.certificate
        core = Core(options: options)
        let daemon = try Daemon(host: host, port: options.port, identity: identity, core: core)
        self.daemon = daemon
        core.refusal.withLock { $0 = { [weak daemon] time in daemon?.refuse(for: time) } }
    }

    deinit {
        stop()
    }

    /// The port it listens on.
    public var port: Int { daemon.port }

    /// Where it is, without `/v1`: as `http://127.0.0.1:43210`.
    public var baseURL: String {
        let host = options.host.contains(":") ? "[\(options.host)]" : options.host
        return "\(certificate == nil ? "http" : "https")://\(host):\(port)\(options.pathPrefix)"
    }

    /// The requests that arrived, oldest first, as many as `Options.recordedRequestLimit` and 64 MB of bodies allow.
    public var requests: [SimulatedRequest] { core.requests }

    /// How many requests are being answered.
    public var runningRequests: Int { core.running }

    /// Refuses connections from now on, as a server that is not running, and cuts those that there are at their next request.
    public func refuseConnections() {
        daemon.refuse()
    }

    /// Accepts connections again, on the same port.
    /// - Throws: `SimulatorError` when the port cannot be listened on any more.
    public func acceptConnections() throws(SimulatorError) {
        try daemon.accept()
    }

    /// Stops listening, cuts all connections and returns when nothing runs any more. Stopping twice is once.
    public func stop() {
        daemon.stop()
    }
}

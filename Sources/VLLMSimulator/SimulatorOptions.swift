extension VLLMSimulator {
    /// How a simulator answers.
    public struct Options: Sendable {
        /// The port; 0 takes any that is free.
        public var port: Int
        /// The address to listen on: an IPv4 or IPv6 address or `localhost`.
        public var host: String
        /// The names the model is served under; answers carry the first one.
        public var models: [String]
        /// The key that requests under `/v1` must bring, or `nil` for none.
        public var apiKey: String?
        /// Whether thoughts are told apart from the text (`--reasoning-parser qwen3`).
        public var reasoningParser = true
        /// Whether tool calls are told apart from the text (`--enable-auto-tool-choice --tool-call-parser hermes`).
        public var toolParser = true
        /// The context window in tokens (`--max-model-len`).
        public var maxModelLength = 2048
        /// The pause before each token, for demonstrations; streams on other connections do not wait for it.
        public var tokenDelay: Duration?
        /// The version that `/version` tells.
        public var version = "0.32.0"
        /// A path in front of all routes, as behind a proxy: empty, or as `/llm`.
        public var pathPrefix = ""
        /// How many requests are kept for `VLLMSimulator.requests`; of more, the latest.
        public var recordedRequestLimit = 1000
        /// How long a connection may be idle before the server closes it, in whole seconds, rounded up: 5 s as uvicorn has it, or `nil`
        /// for ever. An answer on its way is not idle, however long it pauses.
        public var idleTimeout: Duration? = .seconds(5)
        /// What goes wrong with which answers; of several rules for a request the first holds, and before all rules the header
        /// `X-Simulator-Fault` of a request.
        public var faults: [FaultRule] = []
        /// The certificate with which TLS is spoken; `nil` for plain HTTP.
        public var certificate: SimulatedCertificate?
        /// Gives an answer of its own to a request, before everything else, or `nil` for the usual one. It is called on the
        /// connection's own thread and may block; `stop()` waits for it.
        public var respond: (@Sendable (SimulatedRequest) -> SimulatedResponse?)?
        /// Is told of every request when it has arrived and when it is over, on the connection's own thread.
        public var observe: (@Sendable (SimulatorEvent) -> Void)?

        /// Options; everything else can be set on the value.
        public init(
            port: Int = 0, host: String = "127.0.0.1", models: [String] = ["tiny-chat"], apiKey: String? = nil, tokenDelay: Duration? = nil,
            respond: (@Sendable (SimulatedRequest) -> SimulatedResponse?)? = nil
        ) {
            self.port = port
            self.host = host
            self.models = models
            self.apiKey = apiKey
            self.tokenDelay = tokenDelay
            self.respond = respond
        }
    }
}

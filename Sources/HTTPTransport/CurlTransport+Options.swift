extension CurlTransport {
    /// How a transport connects and how much it holds in memory.
    public struct Options: Sendable, Hashable {
        /// A file of certificate authorities in PEM to trust in place of the system's.
        public var caFile: String?
        /// Whether any certificate is accepted. Whoever sits on the way can then read and change everything.
        public var insecureSkipVerify: Bool
        /// The proxy's URL for every request. `nil` takes `http_proxy`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` from the environment
        /// as curl does (man page curl(1), "ENVIRONMENT"), except for this machine itself; the empty string goes without a proxy
        /// whatever the environment says.
        public var proxy: String?
        /// Which version of HTTP is spoken.
        public var httpVersion: HTTPVersion
        /// How many connections to one host there may be at a time; further requests wait. `nil` sets no limit.
        public var maxConnectionsPerHost: Int?
        /// How many bytes of a response's body are held for a reader who is slow, before its socket is no longer read.
        /// What one read from the socket brings comes on top.
        public var bufferLimit: Int
        /// How many bytes of status lines and header fields one exchange may have, those of interim responses and trailers included. One
        /// line of them has 100 KiB at most, whatever this says: libcurl 7.88 reads no longer one.
        public var headerLimit: Int
        /// How long an unused connection may be used again, in whole seconds. The default stays below the five seconds after which
        /// a vLLM server closes such a connection (`VLLM_HTTP_TIMEOUT_KEEP_ALIVE`).
        public var idleConnectionLifetime: Duration
        /// The `User-Agent` of requests that do not set one.
        public var userAgent: String

        /// Options; the defaults suit a vLLM server.
        public init(
            caFile: String? = nil, insecureSkipVerify: Bool = false, proxy: String? = nil, httpVersion: HTTPVersion = .automatic,
            maxConnectionsPerHost: Int? = nil, bufferLimit: Int = 131_072, headerLimit: Int = 65_536,
            idleConnectionLifetime: Duration = .seconds(4), userAgent: String = "vllm-provider"
        ) {
            self.caFile = caFile
            self.insecureSkipVerify = insecureSkipVerify
            self.proxy = proxy
            self.httpVersion = httpVersion
            self.maxConnectionsPerHost = maxConnectionsPerHost
            self.bufferLimit = bufferLimit
            self.headerLimit = headerLimit
            self.idleConnectionLifetime = idleConnectionLifetime
            self.userAgent = userAgent
        }
    }

    /// Which version of HTTP a transport speaks.
    public enum HTTPVersion: Sendable, Hashable {
        /// HTTP/2 over TLS where the server agrees to it (ALPN), else HTTP/1.1.
        case automatic
        /// HTTP/1.1 only.
        case http1
    }
}

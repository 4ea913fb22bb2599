import CCurl

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// libcurl's handle of one exchange at a time, used again for the next. It belongs to the engine's thread.
final class CurlHandle {
    let easy: UnsafeMutableRawPointer
    /// The exchange that it is used for.
    private(set) var transfer: CurlTransfer?
    /// Whether it is on the multi handle's list of those with news.
    var isListed = false

    private let errorText: UnsafeMutablePointer<CChar>
    private unowned let multi: CurlMulti
    private var result = CURLE_OK
    /// What it is set to, from the exchange before.
    private var settings = Settings()
    /// How much of a body has been sent that is read bit by bit.
    private var sentCount = 0
    /// The socket of the connection that the exchange has, while and after it has one.
    var socket: curl_socket_t?

    /// What libcurl is set to for a request, as far as it is set again only where the next request is another.
    private struct Settings {
        var url: ParsedURL?
        var headers: HeaderLines?
        var connectTimeout: Int?
        var method: String?
        var hasBody = false
        var isFresh = false
    }

    /// How much is read from a socket at a time. Twice libcurl's default makes a stream that comes as fast as it can be read an eighth
    /// cheaper, and takes no more memory where less comes at a time: what is not written to is not there.
    private static let readSize = 32 << 10

    /// From how many bytes on a body is read bit by bit. A shorter one is copied, and sent with the head of the request in one go, as
    /// libcurl does up to this size (`MAX_INITIAL_POST_SIZE`).
    private static let longBody = 64 << 10

    /// A handle with all settings that every exchange shares, or `nil` where libcurl does not support one that is needed.
    init?(options: CurlTransport.Options, multi: CurlMulti) {
        guard let easy = curl_easy_init() else { return nil }
        self.easy = easy
        self.multi = multi
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        setUp(options)
        guard result == CURLE_OK else { return nil }
    }

    deinit {
        curl_easy_cleanup(easy)
        errorText.deallocate()
    }

    /// The handle that belongs to an easy handle of libcurl.
    static func of(_ easy: UnsafeMutableRawPointer?) -> CurlHandle? {
        var context: UnsafeMutableRawPointer?
        guard let easy, ccurl_get_pointer(easy, CURLINFO_PRIVATE, &context) == CURLE_OK, let context else { return nil }
        return Unmanaged.fromOpaque(context).takeUnretainedValue()
    }

    /// What libcurl said about the failure, which may be nothing.
    var detail: String { String(cString: errorText) }

    /// How long after its start the exchange had a connection and began to send its request; `nil` while it has not.
    var timeToSend: Duration? {
        var microseconds: curl_off_t = 0
        ccurl_get_time(easy, CURLINFO_PRETRANSFER_TIME_T, &microseconds)
        return microseconds > 0 ? .microseconds(microseconds) : nil
    }

    /// The port at our end of the connection that the exchange has; 0 while it has none.
    var localPort: Int { number(CURLINFO_LOCAL_PORT) }

    /// Has the connection closed when the exchange is taken out, unless other streams of HTTP/2 are on it. The handle is not to be used again.
    func closeWithoutOthers() { set(CURLOPT_FORBID_REUSE, 1) }

    /// What libcurl knows about the exchange, where that is a number.
    func number(_ info: CURLINFO) -> Int {
        var number = 0
        ccurl_get_long(easy, info, &number)
        return number
    }

    /// Whether an exchange ended like this because kept connections took it that had died, and answered nothing.
    ///
    /// libcurl tries again by itself, but on a kept connection where there is one, and gives up after the fifth: counted over all
    /// exchanges of a handle (7.88 to 8.14: only `curl_easy_reset` and giving up set its count back), so that a single one may be too
    /// many. It does not try again at all where such a connection breaks within a long request.
    func wasSwallowed(_ result: CURLcode) -> Bool {
        guard let transfer, !transfer.hasBytes, number(CURLINFO_NUM_CONNECTS) == 0 else { return false }
        return [CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING].contains(result)
    }

    /// Fits the handle to a request.
    func prepare(_ transfer: CurlTransfer) -> TransportError? {
        let request = transfer.request
        result = CURLE_OK
        errorText.pointee = 0
        socket = nil
        setFresh(false)
        if settings.url !== request.url {
            // Where there is no other, the text counts.
            set(CURLOPT_URL, request.url.text)
            note(ccurl_set_pointer(easy, CURLOPT_CURLU, request.url.read.map { UnsafeMutableRawPointer($0) }))
            // A burst of requests goes over one connection of HTTP/2 rather than each over one of its own: all but the first wait for it.
            set(CURLOPT_PIPEWAIT, request.address.isSecure ? 1 : 0)
            settings.url = request.url
        }
        // Told to libcurl too, which divides the time among the addresses that a host has.
        let connectTimeout = request.timeouts.connect?.curlMilliseconds ?? Int(Int32.max)
        if settings.connectTimeout != connectTimeout { set(CURLOPT_CONNECTTIMEOUT_MS, connectTimeout) }
        settings.connectTimeout = connectTimeout
        if settings.headers !== request.common.headers {
            note(ccurl_set_pointer(easy, CURLOPT_HTTPHEADER, request.common.headers.list))
            settings.headers = request.common.headers
        }
        if settings.method != request.method || settings.hasBody != (request.body != nil) { setMethod(request) }
        if let body = request.body { setBody(body) }
        guard result == CURLE_OK else {
            return TransportError(.invalidRequest, "libcurl refuses the request: \(String(cString: curl_easy_strerror(result)))")
        }
        self.transfer = transfer
        if let body = request.body, body.count < Self.longBody { transfer.forgetBody() }
        return nil
    }

    /// Fits the handle to send its request once more, on a new connection.
    /// - Returns: whether that can be done.
    func prepareAnew() -> Bool {
        result = CURLE_OK
        errorText.pointee = 0
        setFresh(true)
        sentCount = 0
        transfer?.startAnew()
        return result == CURLE_OK
    }

    /// Ends the use for an exchange and returns it.
    func take() -> CurlTransfer? {
        // The body is not to be held any longer.
        if settings.hasBody { note(ccurl_set_pointer(easy, CURLOPT_POSTFIELDS, nil)) }
        defer { transfer = nil }
        transfer?.handle = nil
        return transfer
    }

    private func setUp(_ options: CurlTransport.Options) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        note(ccurl_set_pointer(easy, CURLOPT_PRIVATE, context))
        note(ccurl_set_pointer(easy, CURLOPT_WRITEDATA, context))
        note(ccurl_set_pointer(easy, CURLOPT_HEADERDATA, context))
        note(ccurl_set_receiver(easy, CURLOPT_WRITEFUNCTION, onBody))
        note(ccurl_set_receiver(easy, CURLOPT_HEADERFUNCTION, onHeader))
        note(ccurl_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText))
        note(ccurl_set_sender(easy, onSend, onSeek, context))
        note(multi.makeSockets(for: easy))
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_BUFFERSIZE, Self.readSize)
        // Without it, taking out an exchange whose name is still being looked up waits for the resolver's thread.
        set(CURLOPT_QUICK_EXIT, 1)
        set(CURLOPT_TCP_KEEPALIVE, 1)
        set(CURLOPT_MAXAGE_CONN, Int(clamping: max(1, options.idleConnectionLifetime.components.seconds)))
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        set(CURLOPT_USERAGENT, options.userAgent)
        if let file = options.caFile { set(CURLOPT_CAINFO, file) }
        if let proxy = options.proxy {
            set(CURLOPT_PROXY, proxy)
        } else {
            // The environment's proxy cannot know what this machine serves to itself.
            let exceptions = (getenv("no_proxy") ?? getenv("NO_PROXY")).map { String(cString: $0) } ?? ""
            set(CURLOPT_NOPROXY, exceptions == "*" ? "*" : exceptions + ",localhost,127.0.0.0/8,::1")
        }
        if options.insecureSkipVerify {
            set(CURLOPT_SSL_VERIFYPEER, 0)
            set(CURLOPT_SSL_VERIFYHOST, 0)
        }
        // A libcurl without HTTP/2 refuses this one, which leaves HTTP/1.1.
        let version = options.httpVersion == .automatic ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1
        _ = ccurl_set_long(easy, CURLOPT_HTTP_VERSION, Int(version))
    }

    private func setMethod(_ request: CurlRequest) {
        note(ccurl_set_pointer(easy, CURLOPT_POSTFIELDS, nil))
        note(ccurl_set_pointer(easy, CURLOPT_CUSTOMREQUEST, nil))
        set(CURLOPT_HTTPGET, 1)
        if request.body != nil {
            set(CURLOPT_POST, 1)
            if request.method != "POST" { set(CURLOPT_CUSTOMREQUEST, request.method) }
        } else if request.method == "HEAD" {
            set(CURLOPT_NOBODY, 1)
        } else if request.method != "GET" {
            set(CURLOPT_CUSTOMREQUEST, request.method)
        }
        settings.method = request.method
        settings.hasBody = request.body != nil
    }

    private func setBody(_ body: [UInt8]) {
        sentCount = 0
        note(ccurl_set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
        guard body.count < Self.longBody else { return }
        body.withUnsafeBufferPointer { note(ccurl_set_copied_body(easy, $0.baseAddress)) }
    }

    private func setFresh(_ isFresh: Bool) {
        if settings.isFresh != isFresh { set(CURLOPT_FRESH_CONNECT, isFresh ? 1 : 0) }
        settings.isFresh = isFresh
    }

    private func set(_ option: CURLoption, _ value: Int) { note(ccurl_set_long(easy, option, value)) }

    private func set(_ option: CURLoption, _ value: String) { note(ccurl_set_string(easy, option, value)) }

    private func note(_ code: CURLcode) {
        if result == CURLE_OK { result = code }
    }

    fileprivate func receiveBody(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        guard let transfer else { return 0 }
        guard transfer.receiveBody(bytes) else {
            if socket == nil { multi.claim(localPort: localPort, for: self) }
            return Int(ccurl_pause())
        }
        multi.list(self)
        return bytes.count
    }

    /// Gives out more of the body.
    fileprivate func send(_ room: UnsafeMutableRawBufferPointer) -> Int {
        guard let body = transfer?.request.body else { return 0 }
        let rest = body[min(sentCount, body.count)...].prefix(room.count)
        room.copyBytes(from: rest)
        sentCount += rest.count
        return rest.count
    }

    /// Goes on with the body from another place.
    fileprivate func seek(_ offset: Int) { sentCount = max(0, offset) }

    fileprivate func receiveHeader(_ line: UnsafeBufferPointer<UInt8>) -> Int {
        guard let transfer, transfer.receiveHeader(line) else { return 0 }
        multi.list(self)
        return line.count
    }
}

private func onBody(_ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?) -> Int {
    guard let context, let bytes else { return 0 }
    return bytes.withMemoryRebound(to: UInt8.self, capacity: size * count) {
        Unmanaged<CurlHandle>.fromOpaque(context).takeUnretainedValue().receiveBody(UnsafeBufferPointer(start: $0, count: size * count))
    }
}

private func onHeader(_ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?) -> Int {
    guard let context, let bytes else { return 0 }
    return bytes.withMemoryRebound(to: UInt8.self, capacity: size * count) {
        Unmanaged<CurlHandle>.fromOpaque(context).takeUnretainedValue().receiveHeader(UnsafeBufferPointer(start: $0, count: size * count))
    }
}

private func onSend(_ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?) -> Int {
    guard let context else { return 0 }
    let room = UnsafeMutableRawBufferPointer(start: bytes, count: size * count)
    return Unmanaged<CurlHandle>.fromOpaque(context).takeUnretainedValue().send(room)
}

private func onSeek(_ context: UnsafeMutableRawPointer?, _ offset: curl_off_t, _ origin: Int32) -> Int32 {
    guard let context, origin == SEEK_SET else { return CURL_SEEKFUNC_FAIL }
    Unmanaged<CurlHandle>.fromOpaque(context).takeUnretainedValue().seek(Int(offset))
    return CURL_SEEKFUNC_OK
}

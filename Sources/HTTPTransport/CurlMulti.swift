import CCurl

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// libcurl's multi handle: the connections, the exchanges on them, and when libcurl wants to be called. It belongs to one thread, and what
/// each exchange touches is not checked for accesses that overlap: libcurl calls back between them only.
final class CurlMulti {
    /// How many handles are kept for later exchanges; each holds a few kilobytes.
    private static let idleHandleLimit = 32

    private let options: CurlTransport.Options
    private var multi: UnsafeMutableRawPointer?
    @exclusivity(unchecked) private var active: [ObjectIdentifier: CurlHandle] = [:]
    @exclusivity(unchecked) private var idle: [CurlHandle] = []
    private var sockets: ConnectionSockets
    /// Whether exchanges were started since libcurl last worked.
    private(set) var hasStarts = false
    /// The handles with something to hand over.
    @exclusivity(unchecked) private var news: [CurlHandle] = []
    /// When libcurl wants to be called.
    @exclusivity(unchecked) private var deadline: MonotonicTime?
    /// When the time limits of each exchange are to be looked at.
    @exclusivity(unchecked) private var limits = DeadlineQueue<ObjectIdentifier>()

    /// Whether `close` was called, or libcurl had no memory.
    var isClosed: Bool { multi == nil }

    init(options: CurlTransport.Options, poller: Poller) {
        self.options = options
        sockets = ConnectionSockets(poller: poller)
        guard libraryIsReady, let multi = curl_multi_init() else { return }
        self.multi = multi
        let context = Unmanaged.passUnretained(self).toOpaque()
        ccurl_multi_set_socket_callback(multi, onSocket, context)
        ccurl_multi_set_timer_callback(multi, onTimer, context)
        if let limit = options.maxConnectionsPerHost { ccurl_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, max(1, limit)) }
    }

    deinit { close() }

    /// Sets libcurl up, unless that was done.
    static func prepareLibrary() { _ = libraryIsReady }

    /// Ends all exchanges and closes all connections.
    func close() {
        guard let multi else { return }
        self.multi = nil
        let ended = active.values.compactMap { handle in
            curl_multi_remove_handle(multi, handle.easy)
            return handle.take()
        }
        active = [:]
        idle = []
        news = []
        limits = DeadlineQueue()
        curl_multi_cleanup(multi)
        for transfer in ended { transfer.finish(.transportClosed) }
    }

    /// Starts an exchange; on failure it ends at once.
    func start(_ transfer: CurlTransfer) {
        guard let multi else { return transfer.finish(.transportClosed) }
        guard let handle = idle.popLast() ?? CurlHandle(options: options, multi: self) else {
            return transfer.finish(
                TransportError(.other, "libcurl cannot make a handle: out of memory, or it lacks what this program needs"))
        }
        if let error = handle.prepare(transfer) { return transfer.finish(error) }
        let result = curl_multi_add_handle(multi, handle.easy)
        guard result == CURLM_OK else {
            return transfer.finish(TransportError(.other, "libcurl: \(String(cString: curl_multi_strerror(result)))"))
        }
        active[ObjectIdentifier(handle)] = handle
        transfer.handle = handle
        hasStarts = true
        watch(transfer, isNew: true)
    }

    /// Looks after the time limits of an exchange.
    func watch(_ transfer: CurlTransfer, isNew: Bool = false) {
        guard let handle = transfer.handle else { return }
        switch transfer.verdict(at: .now, isNew: isNew) {
        case .wait(until: let time?): limits.set(ObjectIdentifier(handle), time)
        case .wait(until: nil): limits.remove(ObjectIdentifier(handle))
        case .expired(let error):
            remove(transfer)
            transfer.finish(error)
        }
    }

    /// Delivers again what a full buffer refused, and reads on.
    func resume(_ transfer: CurlTransfer) {
        guard let handle = transfer.handle else { return }
        curl_easy_pause(handle.easy, CURLPAUSE_CONT)
    }

    /// Takes an exchange out, and closes its connection. Of HTTP/2 its stream is reset, and the connection closed if it has no other one.
    func remove(_ transfer: CurlTransfer) {
        guard let multi, let handle = transfer.handle else { return }
        let port = transfer.request.address.isSecure ? handle.localPort : 0
        handle.closeWithoutOthers()
        curl_multi_remove_handle(multi, handle.easy)
        forget(handle)
        _ = handle.take()
        if port > 0 { flush(localPort: port) }
    }

    /// Has libcurl send what it holds back for a connection of HTTP/2: 7.88 keeps the reset of a stream to itself until another stream of the
    /// connection sends something, or goes on behind a pause. One that waits for its reader refuses again what it is given.
    private func flush(localPort: Int) {
        for other in active.values where other.localPort == localPort {
            guard curl_easy_pause(other.easy, CURLPAUSE_SEND) == CURLE_OK else { continue }
            curl_easy_pause(other.easy, CURLPAUSE_CONT)
            return
        }
    }

    /// How long to wait at most before `act` is to be called; -1 is for ever.
    func millisecondsToTimeout() -> Int32 {
        guard let earliest = Self.earlier(deadline, limits.first) else { return -1 }
        return Int32(clamping: (earliest - .now).wholeMilliseconds)
    }

    private static func earlier(_ left: MonotonicTime?, _ right: MonotonicTime?) -> MonotonicTime? {
        guard let left, let right else { return left ?? right }
        return min(left, right)
    }

    /// Lets libcurl work on these sockets, and on what its timer is due for; then hands over what came of it.
    func act(on ready: [ReadySocket]) {
        hasStarts = false
        var running: Int32 = 0
        // First of all: what libcurl starts next must not find a connection on which something has arrived before.
        for socket in ready { sockets.settle(socket.socket) }
        for socket in ready {
            let events =
                (socket.canRead ? CURL_CSELECT_IN : 0) | (socket.canWrite ? CURL_CSELECT_OUT : 0)
                | (socket.hasFailed ? CURL_CSELECT_ERR : 0)
            curl_multi_socket_action(multi, socket.socket, events, &running)
        }
        if let deadline, deadline <= .now {
            self.deadline = nil
            curl_multi_socket_action(multi, -1, 0, &running)
        }
        reap()
        deliver()
        endLate()
    }

    /// Ends the exchanges whose time is up.
    private func endLate() {
        guard let first = limits.first else { return }
        let now = MonotonicTime.now
        guard first <= now else { return }
        while let id = limits.popDue(now) {
            if let transfer = active[id]?.transfer { watch(transfer) }
        }
    }

    /// Hands over what has arrived.
    func deliver() {
        // Handing over can only put jobs into the mailbox, so the list does not change meanwhile.
        for handle in news {
            handle.isListed = false
            handle.transfer?.deliver()
        }
        news.removeAll(keepingCapacity: true)
    }

    /// Notes that `handle` has something to hand over.
    func list(_ handle: CurlHandle) {
        guard !handle.isListed else { return }
        handle.isListed = true
        news.append(handle)
    }

    private func forget(_ handle: CurlHandle) {
        active[ObjectIdentifier(handle)] = nil
        limits.remove(ObjectIdentifier(handle))
    }

    private func reap() {
        var left: Int32 = 0
        while let multi, let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let handle = CurlHandle.of(message.pointee.easy_handle) else { continue }
            let result = ccurl_message_result(message)
            // Below TLS, bytes may come at any time.
            if let socket = handle.socket, handle.transfer?.request.address.isSecure == false { sockets.rest(socket, of: handle.easy) }
            let error = handle.transfer.flatMap { $0.ownFailure ?? TransportError(result, of: $0, handle: handle) }
            curl_multi_remove_handle(multi, handle.easy)
            if handle.wasSwallowed(result), startAnew(handle, multi) { continue }
            forget(handle)
            handle.take()?.finish(error)
            if idle.count < Self.idleHandleLimit { idle.append(handle) }
        }
    }

    /// Starts an exchange once more, on a connection of its own.
    private func startAnew(_ handle: CurlHandle, _ multi: UnsafeMutableRawPointer) -> Bool {
        guard handle.prepareAnew(), curl_multi_add_handle(multi, handle.easy) == CURLM_OK else { return false }
        if let transfer = handle.transfer { watch(transfer, isNew: true) }
        return true
    }

    fileprivate func watch(_ socket: curl_socket_t, interest: Int32, isNew: Bool, easy: UnsafeMutableRawPointer?) {
        guard interest != CURL_POLL_REMOVE else { return sockets.release(socket) }
        // Anything but NULL tells at the next call that the socket is known already.
        if isNew { curl_multi_assign(multi, socket, Unmanaged.passUnretained(self).toOpaque()) }
        CurlHandle.of(easy)?.socket = socket
        let interest = Poller.Interest(reads: interest & CURL_POLL_IN != 0, writes: interest & CURL_POLL_OUT != 0)
        sockets.watch(socket, for: interest, isNew: isNew, user: easy)
    }

    /// Has the sockets of an easy handle's connections noted.
    func makeSockets(for easy: UnsafeMutableRawPointer) -> CURLcode {
        ccurl_set_socket_makers(easy, onOpen, onClose, Unmanaged.passUnretained(self).toOpaque())
    }

    /// Notes that a handle has the connection with this port at our end, for which libcurl has not waited yet.
    func claim(localPort: Int, for handle: CurlHandle) { sockets.claim(localPort: localPort, for: handle.easy) }

    fileprivate func open(_ address: UnsafePointer<curl_sockaddr>) -> curl_socket_t {
        let socket = ccurl_open_socket(address)
        if socket >= 0 { sockets.open(socket) }
        return socket
    }

    fileprivate func close(_ socket: curl_socket_t) -> Int32 {
        sockets.close(socket)
        return closeDescriptor(socket)
    }

    fileprivate func setTimer(milliseconds: Int) {
        deadline = milliseconds < 0 ? nil : .now + .milliseconds(milliseconds)
    }
}

/// libcurl asks for its one-time set-up before anything else; a `let` of a file runs once whatever number of threads asks. The gate's
/// exit handler comes behind it, since the handlers that libcurl's libraries register here have to run later.
private let libraryIsReady = curl_global_init(ccurl_global_default()) == CURLE_OK && ExitGate.shared.install()

private func onSocket(
    _ easy: UnsafeMutableRawPointer?, _ socket: curl_socket_t, _ interest: Int32, _ context: UnsafeMutableRawPointer?,
    _ socketContext: UnsafeMutableRawPointer?
) -> Int32 {
    guard let context else { return 0 }
    Unmanaged<CurlMulti>.fromOpaque(context).takeUnretainedValue()
        .watch(socket, interest: interest, isNew: socketContext == nil, easy: easy)
    return 0
}

private func onOpen(
    _ context: UnsafeMutableRawPointer?, _ purpose: curlsocktype, _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
    guard let context, let address else { return -1 }
    return Unmanaged<CurlMulti>.fromOpaque(context).takeUnretainedValue().open(address)
}

private func onClose(_ context: UnsafeMutableRawPointer?, _ socket: curl_socket_t) -> Int32 {
    guard let context else { return closeDescriptor(socket) }
    return Unmanaged<CurlMulti>.fromOpaque(context).takeUnretainedValue().close(socket)
}

private func closeDescriptor(_ descriptor: Int32) -> Int32 { close(descriptor) }

private func onTimer(_ multi: UnsafeMutableRawPointer?, _ milliseconds: Int, _ context: UnsafeMutableRawPointer?) -> Int32 {
    guard let context else { return 0 }
    Unmanaged<CurlMulti>.fromOpaque(context).takeUnretainedValue().setTimer(milliseconds: milliseconds)
    return 0
}

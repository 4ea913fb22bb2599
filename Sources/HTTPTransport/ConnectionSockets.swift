#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The sockets of connections: what the poller watches them for, and which rest between two exchanges.
///
/// A socket stays with the poller while its connection rests, which saves two system calls an exchange, and tells of connections that are
/// spoiled: what arrives on a resting one answers no request. libcurl 7.88 would take it for the answer to the next one, which makes that
/// fail or, where it looks like a response, gives the wrong one.
struct ConnectionSockets {
    private struct Entry {
        /// What the poller waits for; `nil` where it does not know the socket.
        var watched: Poller.Interest?
        /// Whether libcurl waits for something.
        var isAwaited = false
        /// Which of libcurl's handles it last waited for.
        var user: UnsafeMutableRawPointer?
        /// Whether the exchange of that handle is over, and bytes that come answer nothing.
        var isResting = false
    }

    /// What a socket that rests is watched for, once it has said something that is none of that.
    private static let resting = Poller.Interest(reads: true, writes: false)

    private let poller: Poller
    private var entries: [Int32: Entry] = [:]

    init(poller: Poller) {
        self.poller = poller
    }

    /// Notes a connection that is about to be made.
    mutating func open(_ socket: Int32) { entries[socket] = Entry() }

    /// Notes that a connection is about to be closed.
    mutating func close(_ socket: Int32) {
        if entries.removeValue(forKey: socket)?.watched != nil { poller.forget(socket) }
    }

    /// Waits for something on a socket, on behalf of one of libcurl's handles.
    /// - Parameter isNew: whether libcurl waited for nothing on it before.
    mutating func watch(_ socket: Int32, for interest: Poller.Interest, isNew: Bool, user: UnsafeMutableRawPointer?) {
        guard var entry = entries[socket] else { return poller.watch(socket, for: interest, isNew: isNew) }
        if entry.watched != interest { poller.watch(socket, for: interest, isNew: entry.watched == nil) }
        entry = Entry(watched: interest, isAwaited: true, user: user)
        entries[socket] = entry
    }

    /// Waits for nothing more on a socket: its exchange is over or stopped, or its connection is closed.
    mutating func release(_ socket: Int32) {
        // The poller hears of it when something comes, which for most is never.
        if entries[socket] == nil { poller.forget(socket) } else { entries[socket]?.isAwaited = false }
    }

    /// Notes that the exchange of a handle on this connection is over. libcurl may have given the connection to the next one already.
    mutating func rest(_ socket: Int32, of user: UnsafeMutableRawPointer) {
        if entries[socket]?.user == user, entries[socket]?.isAwaited == false { entries[socket]?.isResting = true }
    }

    /// Notes that a handle has the connection with this port at our end. libcurl may take one that rests, send a request, read from the
    /// answer and stop, all without having waited for anything.
    mutating func claim(localPort: Int, for user: UnsafeMutableRawPointer) {
        for (socket, entry) in entries where entry.isResting && Self.localPort(of: socket) == localPort {
            entries[socket]?.isResting = false
            entries[socket]?.user = user
        }
    }

    /// In both families it stands behind the family, in network order.
    private static func localPort(of socket: Int32) -> Int? {
        withUnsafeTemporaryAllocation(of: sockaddr_storage.self, capacity: 1) { address in
            let bytes = UnsafeMutableRawBufferPointer(address)
            var length = socklen_t(bytes.count)
            return bytes.withMemoryRebound(to: sockaddr.self) { address in
                getsockname(socket, address.baseAddress, &length) == 0 ? Int(bytes[2]) << 8 | Int(bytes[3]) : nil
            }
        }
    }

    /// Deals with something that came on a socket on which libcurl waits for nothing. A connection that rested is shut, so that libcurl
    /// finds it dead.
    /// - Returns: whether that is so; otherwise it is libcurl's to look at.
    @discardableResult
    mutating func settle(_ socket: Int32) -> Bool {
        guard let entry = entries[socket], !entry.isAwaited else { return false }
        if entry.isResting, !Self.drain(socket) {
            // A request that was answered before it was sent to its end leaves a socket that can be written to, for ever.
            entries[socket]?.watched = Self.resting
            poller.watch(socket, for: Self.resting, isNew: false)
            return true
        }
        entries[socket]?.watched = nil
        poller.forget(socket)
        if entry.isResting { shutdown(socket, Int32(SHUT_RDWR)) }
        return true
    }

    /// Reads what has arrived.
    /// - Returns: whether there were bytes or their end; `false` where nothing was to be read after all.
    private static func drain(_ socket: Int32) -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 1) { buffer in
            var count = recv(socket, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
            guard count >= 0 || (errno != EAGAIN && errno != EINTR) else { return false }
            // Whoever sends on and on has its connection shut all the same.
            for _ in 0..<64 where count > 0 { count = recv(socket, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT)) }
            return true
        }
    }
}

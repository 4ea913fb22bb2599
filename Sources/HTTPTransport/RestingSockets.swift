#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The sockets of connections that rest between two exchanges.
///
/// What arrives on one of them answers no request. libcurl 7.88 would take it for the answer to the next one, which makes that fail or,
/// where it looks like a response, gives the wrong one.
struct RestingSockets {
    /// By descriptor, both ends of the connection: a descriptor that has been closed may belong to something else by now.
    private var ends: [Int32: [UInt8]] = [:]

    /// Notes that a connection rests.
    mutating func insert(_ socket: Int32) {
        ends[socket] = Self.ends(of: socket)
    }

    /// Notes that a connection is in use again, or closed.
    mutating func remove(_ socket: Int32) {
        ends[socket] = nil
    }

    /// Shuts the connections on which something has arrived, so that libcurl finds them dead.
    ///
    /// libcurl may give a connection to the next exchange before anybody hears that the one before is over. Such a connection is noted
    /// as resting while an answer is on its way, which must not be touched.
    /// - Parameter isInUse: whether an exchange has the connection with this port at our end.
    mutating func shutSpoiled(unless isInUse: (_ localPort: Int) -> Bool) {
        guard !ends.isEmpty else { return }
        var polled = ends.keys.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        guard poll(&polled, nfds_t(polled.count), 0) > 0 else { return }
        for socket in polled.lazy.filter({ $0.revents != 0 }).map(\.fd) {
            // Whatever it is, no more is to be learned of it: an end of the connection is seen by libcurl itself.
            guard let noted = ends.removeValue(forKey: socket), Self.ends(of: socket) == noted, !isInUse(Self.localPort(noted)) else {
                continue
            }
            if Self.drain(socket) { shutdown(socket, Int32(SHUT_RDWR)) }
        }
    }

    /// Reads what has arrived; `false` where nothing has.
    private static func drain(_ socket: Int32) -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 1) { buffer in
            // Whoever sends on and on has its connection shut all the same.
            var reads = 0
            while reads < 64, recv(socket, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT)) > 0 { reads += 1 }
            return reads > 0
        }
    }

    /// The port at our end: in both families it stands behind the family, in network order.
    private static func localPort(_ ends: [UInt8]) -> Int { Int(ends[2]) << 8 | Int(ends[3]) }

    private static func ends(of socket: Int32) -> [UInt8]? {
        var ends = [UInt8](repeating: 0, count: 2 * MemoryLayout<sockaddr_storage>.size)
        let half = ends.count / 2
        let isConnected = ends.withUnsafeMutableBytes { bytes in
            [getsockname, getpeername].enumerated().allSatisfy { index, name in
                var length = socklen_t(half)
                let address = bytes.baseAddress.map { ($0 + index * half).assumingMemoryBound(to: sockaddr.self) }
                return name(socket, address, &length) == 0
            }
        }
        return isConnected ? ends : nil
    }
}

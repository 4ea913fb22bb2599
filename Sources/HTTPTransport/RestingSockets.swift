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
    mutating func shutSpoiled() {
        for (socket, ends) in ends {
            guard Self.ends(of: socket) == ends else {
                self.ends[socket] = nil
                continue
            }
            guard Self.drain(socket) else { continue }
            shutdown(socket, Int32(SHUT_RDWR))
            self.ends[socket] = nil
        }
    }

    /// Reads what has arrived; `false` where nothing has.
    private static func drain(_ socket: Int32) -> Bool {
        var hasRead = false
        withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 1) { buffer in
            // Whoever sends on and on has its connection shut all the same.
            for _ in 0..<64 where recv(socket, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT)) > 0 { hasRead = true }
        }
        return hasRead
    }

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

import HTTPTransport

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A port whose queue of connections is full: a further one is neither accepted nor refused.
final class FullListener {
    let port: UInt16
    private var sockets: [Int32]

    init() throws {
        let listener = try listen(backlog: 0)
        port = listener.port
        sockets = [listener.socket]
        let address = loopbackAddress(port: port)
        defer { address.deallocate() }
        for _ in 0..<4 {
            let socket = makeSocket()
            _ = fcntl(socket, F_SETFL, O_NONBLOCK)
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
            sockets.append(socket)
        }
    }

    deinit {
        for socket in sockets { close(socket) }
    }
}

import HTTPTransport
import Locks

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A server on the loopback interface that does what a test tells it, each connection on a thread of its own.
final class LoopbackServer: Sendable {
    /// What happens on a connection; it is closed when this returns.
    typealias Script = @Sendable (Peer) -> Void

    let port: UInt16
    private let listener: Int32
    private let connections = Guarded(0)

    /// How many connections were opened.
    var connectionCount: Int { connections.withLock { $0 } }

    /// The address for messages.
    var address: String { "127.0.0.1:\(port)" }

    init(backlog: Int32 = 512, _ script: @escaping Script) throws {
        (listener, port) = try listen(backlog: backlog)
        let (listener, connections) = (listener, connections)
        runThread {
            while true {
                let socket = accept(listener, nil, nil)
                guard socket >= 0 else { break }
                var on: Int32 = 1
                setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
                let number = connections.withLock { count in
                    count += 1
                    return count
                }
                runThread {
                    script(Peer(socket: socket, number: number))
                    close(socket)
                }
            }
            close(listener)
        }
    }

    /// A server that answers request after request on each connection.
    convenience init(answering answer: @escaping @Sendable (Peer.Request, Peer) -> Void) throws {
        try self.init { peer in
            while let request = peer.readRequest() { answer(request, peer) }
        }
    }

    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    func url(_ path: String = "/") -> String { "http://\(address)\(path)" }
}

/// A TCP socket.
func makeSocket() -> Int32 {
    #if canImport(Darwin)
        socket(AF_INET, SOCK_STREAM, 0)
    #else
        socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #endif
}

/// The address of a port of the loopback interface, in memory that the caller deallocates: which C module the type's initialiser
/// belongs to depends on what else was imported.
func loopbackAddress(port: UInt16) -> UnsafeMutablePointer<sockaddr_in> {
    let address = UnsafeMutablePointer<sockaddr_in>.allocate(capacity: 1)
    memset(address, 0, MemoryLayout<sockaddr_in>.size)
    address.pointee.sin_family = sa_family_t(AF_INET)
    address.pointee.sin_port = port.bigEndian
    address.pointee.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
}

/// A socket that listens on a free port of the loopback interface.
func listen(backlog: Int32) throws -> (socket: Int32, port: UInt16) {
    let listener = makeSocket()
    let address = loopbackAddress(port: 0)
    defer { address.deallocate() }
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = address.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(listener, pointer, length) == 0 && listen(listener, backlog) == 0 && getsockname(listener, pointer, &length) == 0
    }
    guard listener >= 0, result else { throw TransportError(.other, "no loopback socket: \(String(cString: strerror(errno)))") }
    return (listener, UInt16(bigEndian: address.pointee.sin_port))
}

/// Runs `body` on a thread of its own.
func runThread(_ body: @escaping @Sendable () -> Void) {
    final class Box: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    #if canImport(Darwin)
        var thread: pthread_t?
    #else
        var thread: pthread_t = 0
    #endif
    pthread_create(
        &thread, nil,
        { context in
            pthread_detach(pthread_self())
            let context: UnsafeMutableRawPointer? = context
            if let context { Unmanaged<Box>.fromOpaque(context).takeRetainedValue().body() }
            return nil
        }, Unmanaged.passRetained(Box(body)).toOpaque())
}

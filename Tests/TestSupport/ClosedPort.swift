#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A port of the loopback interface that refuses every connection for as long as this lives.
///
/// A socket is bound to it and does not listen. A port that was merely closed again could be given to the next server that another
/// test starts, which would then answer.
public final class ClosedPort: Sendable {
    /// The port.
    public let number: UInt16
    private let socket: Int32

    /// Takes a free port of 127.0.0.1; stops the test run if there is none.
    public init() {
        #if canImport(Darwin)
            socket = Darwin.socket(AF_INET, SOCK_STREAM, 0)
        #else
            socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #endif
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = socket
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        precondition(isBound, "no free loopback port: \(String(cString: strerror(errno)))")
        number = UInt16(bigEndian: address.sin_port)
    }

    /// `http://127.0.0.1:PORT`, as a server's address would be given.
    public var baseURL: String { "http://127.0.0.1:\(number)" }

    deinit { close(socket) }
}

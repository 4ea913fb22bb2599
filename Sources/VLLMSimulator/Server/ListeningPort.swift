#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A port that stays a simulator's own, also while nobody listens on it and connections are refused.
struct ListeningPort: Sendable {
    /// Bound for as long as the simulator lives, and never listening.
    private let holder: Int32
    private let address: [UInt8]
    private let family: Int32
    private let host: String
    /// The port's number.
    let number: Int

    /// Takes a port; 0 takes any that is free.
    init(host: String, port: Int) throws(SimulatorError) {
        guard (0...65535).contains(port) else { throw SimulatorError("port \(port) is not a port: take one from 0 to 65535") }
        self.host = host
        let (address, family) = try Self.address(host: host, port: port)
        guard let holder = Self.bound(to: address, family) else { throw Self.problem(host, port) }
        self.holder = holder
        self.family = family
        (self.address, number) = Self.name(of: holder, size: address.count)
    }

    /// A new socket that listens on the port.
    func listen() throws(SimulatorError) -> Int32 {
        guard let socket = Self.bound(to: address, family) else { throw Self.problem(host, number) }
        #if canImport(Darwin)
            let status = Darwin.listen(socket, Self.backlog)
        #else
            let status = Glibc.listen(socket, Self.backlog)
        #endif
        guard status == 0 else {
            let problem = Self.problem(host, number)
            close(socket)
            throw problem
        }
        return socket
    }

    /// Gives the port back.
    func release() { close(holder) }

    private static let backlog: Int32 = 1024

    private static func problem(_ host: String, _ port: Int) -> SimulatorError {
        let why = String(cString: strerror(errno))
        return SimulatorError("cannot listen on \(host) port \(port): \(why); take another port, or 0 for any that is free")
    }

    /// A socket at an address. Two of these may have the same address as long as at most one of them listens.
    private static func bound(to address: [UInt8], _ family: Int32) -> Int32? {
        #if canImport(Darwin)
            let descriptor = socket(family, SOCK_STREAM, 0)
        #else
            let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
        #endif
        guard descriptor >= 0 else { return nil }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        var isOn: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &isOn, size)
        if family == AF_INET6 { setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &isOn, size) }
        let status = address.withUnsafeBytes {
            bind(descriptor, $0.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t(address.count))
        }
        guard status == 0 else {
            let reason = errno
            close(descriptor)
            errno = reason
            return nil
        }
        return descriptor
    }

    private static func name(of socket: Int32, size: Int) -> ([UInt8], port: Int) {
        var address = [UInt8](repeating: 0, count: size)
        var length = socklen_t(size)
        _ = address.withUnsafeMutableBytes { getsockname(socket, $0.assumingMemoryBound(to: sockaddr.self).baseAddress, &length) }
        // In both families the port stands behind the family, in network order.
        return (address, Int(address[2]) << 8 | Int(address[3]))
    }

    private static func address(host: String, port: Int) throws(SimulatorError) -> (bytes: [UInt8], family: Int32) {
        var hints = addrinfo()
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        hints.ai_family = AF_UNSPEC
        hints.ai_protocol = Int32(IPPROTO_TCP)
        var found: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, String(port), &hints, &found)
        defer { if let found { freeaddrinfo(found) } }
        guard status == 0, let found, let address = found.pointee.ai_addr else {
            throw SimulatorError("cannot listen on \(host): \(String(cString: gai_strerror(status))); give an address of this machine")
        }
        return (Array(UnsafeRawBufferPointer(start: address, count: Int(found.pointee.ai_addrlen))), found.pointee.ai_family)
    }
}

internal import CMicrohttpd
import Locks

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The HTTP server under a simulator: libmicrohttpd with a thread a connection, so that a slow stream holds up nobody.
final class Daemon: Sendable {
    /// Where the running daemon is in memory; `nil` once it has stopped. As a number, because a pointer may not leave a lock.
    private let handle: Guarded<UInt?>
    private let core: Core
    private let gate: SimulatorGate
    /// The port it listens on.
    let port: Int

    init(host: String, port: Int, core: Core) throws(SimulatorError) {
        gate = core.stopping
        self.core = core
        guard (0...65535).contains(port) else { throw SimulatorError("port \(port) is not a port: take one from 0 to 65535") }
        let address = try Self.address(host: host, port: port)
        let context = Unmanaged.passUnretained(core).toOpaque()
        let started = address.withUnsafeBytes { bytes in
            bytes.baseAddress.flatMap {
                cmicrohttpd_start($0.assumingMemoryBound(to: sockaddr.self), handleAccess, handleCompleted, context)
            }
        }
        guard let started else {
            let why = String(cString: strerror(errno))
            throw SimulatorError("cannot listen on \(host) port \(port): \(why); take another port, or 0 for any that is free")
        }
        self.port = Int(cmicrohttpd_port(started))
        handle = Guarded(UInt(bitPattern: started))
    }

    /// Cuts all connections and returns when their threads have ended.
    func stop() {
        gate.open()
        let running = handle.withLock { handle in
            defer { handle = nil }
            return handle
        }
        if let running, let daemon = OpaquePointer(bitPattern: running) { MHD_stop_daemon(daemon) }
    }

    private static func address(host: String, port: Int) throws(SimulatorError) -> [UInt8] {
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
        return Array(UnsafeRawBufferPointer(start: address, count: Int(found.pointee.ai_addrlen)))
    }
}

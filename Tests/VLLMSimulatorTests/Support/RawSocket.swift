import Glibc
import Locks

/// A blocking connection to a port of this machine.
final class RawSocket: @unchecked Sendable {
    // @unchecked: a test does one thing with it after the other.

    struct Failure: Error {
        var call: String
        var code: Int32
    }

    private var descriptor: Int32

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        guard status == 0 else { throw Failure(call: "connect", code: errno) }
    }

    deinit { close() }

    /// Closing twice is once: the number may be another connection's by then.
    func close() {
        guard descriptor >= 0 else { return }
        Glibc.close(descriptor)
        descriptor = -1
    }

    func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            // A server may answer and close before it has read all: what it said can be read still.
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// What has arrived, at least a byte; nothing at the end.
    func read() throws -> [UInt8] {
        switch receive() {
        case .bytes(let bytes): return bytes
        case .closed, .reset: return []
        case .silence: throw Failure(call: "recv", code: EAGAIN)
        }
    }

    /// What may come from the other side.
    enum Received: Sendable, Equatable {
        case bytes([UInt8]), closed, reset, silence
    }

    /// The same on a thread of its own: those that tasks share must not wait for what may never come.
    func received(within milliseconds: Int32 = 20_000) async -> Received {
        await withCheckedContinuation { continuation in
            let hasThread = BackgroundThread.start { continuation.resume(returning: self.receive(within: milliseconds)) }
            if !hasThread { continuation.resume(returning: .silence) }
        }
    }

    /// What comes next, or `silence` if nothing does in that time.
    func receive(within milliseconds: Int32 = 20_000) -> Received {
        var events = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&events, 1, milliseconds) > 0 else { return .silence }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count < 0 ? .reset : count == 0 ? .closed : .bytes(Array(buffer.prefix(count)))
    }

    func readToEnd() throws -> [UInt8] {
        var all: [UInt8] = []
        while true {
            let bytes = try read()
            if bytes.isEmpty { return all }
            all += bytes
        }
    }
}

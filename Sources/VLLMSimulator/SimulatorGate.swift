import Locks

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Holds scripted answers back until it is opened.
public final class SimulatorGate: Sendable {
    private let readEnd: Int32
    private let writeEnd: Guarded<Int32?>

    /// A gate that is shut.
    public init() {
        let ends = Self.makeEnds()
        readEnd = ends.read
        writeEnd = Guarded(ends.write)
    }

    deinit {
        open()
        close(readEnd)
    }

    /// Opens the gate for good: what waits at it goes on.
    public func open() {
        let end = writeEnd.withLock { end in
            defer { end = nil }
            return end
        }
        if let end { close(end) }
    }

    /// A descriptor that hangs up when the gate opens.
    var descriptor: Int32 { readEnd }

    private static func makeEnds() -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        // A child process that inherited the ends would keep the gate shut. Swift's Glibc has no `pipe2`, but a socket can be made so.
        #if canImport(Darwin)
            let code = pipe(&ends)
            for end in ends where code == 0 { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        #else
            let code = socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends)
        #endif
        // Without descriptors the gate is open: nothing can wait at it.
        return code == 0 ? (ends[0], ends[1]) : (-1, -1)
    }
}

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
        let ends = Self.makePipe()
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

    private static func makePipe() -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        // Without descriptors the gate is open: nothing can wait at it.
        guard pipe(&ends) == 0 else { return (-1, -1) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }
}

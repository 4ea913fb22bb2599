#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A pipe by which others wake the thread that looks after a child process. Whoever holds it may write, however late: the ends are
/// closed when nobody holds it any more.
final class WakePipe: Sendable {
    /// What the thread is told.
    enum Signal: UInt8 {
        /// The child has ended.
        case exited
        /// Nobody wants the result any more.
        case cancelled
    }

    /// The end to poll.
    let readEnd: Int32
    private let writeEnd: Int32

    /// - Throws: `CommandError`.
    init() throws(CommandError) {
        (readEnd, writeEnd) = try ChildProcess.pipe()
        for end in [readEnd, writeEnd] { ChildProcess.makeNonBlocking(end) }
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    /// Wakes the thread; may be called on any thread.
    func send(_ signal: Signal) {
        var byte = signal.rawValue
        _ = write(writeEnd, &byte, 1)
    }

    /// The next signal that was sent, if there is one.
    func next() -> Signal? {
        var byte: UInt8 = 0
        return read(readEnd, &byte, 1) == 1 ? Signal(rawValue: byte) : nil
    }
}

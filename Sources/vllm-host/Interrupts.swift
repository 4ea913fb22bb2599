import Locks

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What makes the program stop before it is done: signals, which the main thread does nothing but wait for, and a reader that goes away.
enum Interrupts {
    /// Why to stop.
    enum Cause: Sendable {
        /// SIGINT, SIGTERM or SIGHUP.
        case signal(Int32)
        /// Nobody reads standard output any more.
        case brokenPipe
        /// Standard output cannot be written, with the reason.
        case unwritableOutput(String)

        /// Ctrl-C.
        var isInterrupt: Bool { if case .signal(SIGINT) = self { true } else { false } }

        /// The code to end with.
        var exitCode: Int32 {
            switch self {
            case .signal(let signal): 128 + signal
            case .brokenPipe: ExitStatus.brokenPipe
            case .unwritableOutput: ExitStatus.failure
            }
        }
    }

    private static let handler = Guarded<(@Sendable (Cause) -> Void)?>(nil)

    /// Holds the signals back in this thread and in all that it starts.
    static func block() {
        var signals = set
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    /// Calls `handler` for the next cause to stop. Without a handler, as for a second signal, the process ends at once.
    static func listen(_ handler: @escaping @Sendable (Cause) -> Void) {
        self.handler.withLock { $0 = handler }
    }

    /// Tells of a cause to stop.
    static func report(_ cause: Cause) {
        let handler = handler.withLock { handler in
            defer { handler = nil }
            return handler
        }
        guard let handler else { _exit(cause.exitCode) }
        handler(cause)
    }

    /// Sees to it that the process ends once it was told to stop: at once when a signal tells it again, and otherwise after a while, should
    /// something still hold it up then, such as a reader of standard output who does not read.
    /// - Parameter last: is done before.
    static func insist(on cause: Cause, last: @escaping @Sendable () -> Void) {
        listenForSignal(last)
        _ = BackgroundThread.start {
            sleep(patience)
            last()
            _exit(cause.exitCode)
        }
    }

    /// A reader of standard output who goes away, too, changes nothing.
    private static func listenForSignal(_ last: @escaping @Sendable () -> Void) {
        listen { cause in
            guard case .signal = cause else { return listenForSignal(last) }
            last()
            _exit(cause.exitCode)
        }
    }

    /// How many seconds an orderly end may take: tools have one of them to end after SIGTERM, and closing a session takes five at most.
    private static let patience: UInt32 = 10

    /// Waits for signals for ever.
    static func wait() -> Never {
        var signals = set
        while true {
            var signal: Int32 = 0
            if sigwait(&signals, &signal) == 0 { report(.signal(signal)) }
        }
    }

    private static var set: sigset_t {
        var signals = sigset_t()
        sigemptyset(&signals)
        for signal in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, signal) }
        return signals
    }
}

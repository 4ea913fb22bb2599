import Locks

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Turns Ctrl-C and SIGTERM into calls of a handler: the main thread does nothing but wait for them.
enum Interrupts {
    private static let handler = Guarded<(@Sendable () -> Void)?>(nil)

    /// Holds the signals back in this thread and in all that it starts.
    static func block() {
        var signals = set
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    /// Calls `handler` for the next signal. A signal without a handler, such as a second one, ends the process at once.
    static func listen(_ handler: @escaping @Sendable () -> Void) {
        self.handler.withLock { $0 = handler }
    }

    /// Waits for signals for ever.
    static func wait() -> Never {
        var signals = set
        while true {
            var signal: Int32 = 0
            guard sigwait(&signals, &signal) == 0 else { continue }
            let handler = handler.withLock { handler in
                defer { handler = nil }
                return handler
            }
            guard let handler else { _exit(128 + signal) }
            handler()
        }
    }

    private static var set: sigset_t {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        sigaddset(&signals, SIGTERM)
        return signals
    }
}

import Locks

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Turns Ctrl-C and SIGTERM into calls of a handler, on a thread that waits for them.
final class Interrupts: Sendable {
    private struct Owner {
        var handler: (@Sendable () -> Void)?
        var isListening = false
    }

    private static let shared = Guarded(Owner())

    /// Holds the signals back in this thread and in all that it starts; `listen` waits for them.
    static func block() {
        var signals = set
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    /// Calls `handler` for the next signal; a second one before the next call of `listen` ends the process at once.
    static func listen(_ handler: @escaping @Sendable () -> Void) {
        let isFirst = shared.withLock { owner in
            owner.handler = handler
            defer { owner.isListening = true }
            return !owner.isListening
        }
        guard isFirst else { return }
        #if canImport(Darwin)
            var thread: pthread_t?
        #else
            var thread: pthread_t = 0
        #endif
        pthread_create(&thread, nil, waitForSignals, nil)
    }

    fileprivate static func received(_ signal: Int32) {
        let handler = shared.withLock { owner in
            defer { owner.handler = nil }
            return owner.handler
        }
        guard let handler else { _exit(128 + signal) }
        handler()
    }

    fileprivate static var set: sigset_t {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        sigaddset(&signals, SIGTERM)
        return signals
    }
}

#if canImport(Darwin)
    private func waitForSignals(_ context: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
        waitForever()
    }
#else
    private func waitForSignals(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        waitForever()
    }
#endif

private func waitForever() -> UnsafeMutableRawPointer? {
    var signals = Interrupts.set
    while true {
        var signal: Int32 = 0
        if sigwait(&signals, &signal) == 0 { Interrupts.received(signal) }
    }
}

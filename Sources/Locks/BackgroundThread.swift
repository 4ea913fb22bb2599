#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Threads for work that blocks, which must not hold up the threads that tasks share.
public enum BackgroundThread {
    /// Does `work` on a thread of its own, which ends with it. The thread gets no signals: they are for the program's own threads, and
    /// the SIGPIPE of a pipe or connection that breaks is for nobody.
    /// - Returns: whether there is a thread; if not, the work is not done.
    public static func start(_ work: @escaping @Sendable () -> Void) -> Bool {
        let box = Unmanaged.passRetained(Work(work))
        var old = sigset_t()
        var blocked = sigset_t()
        sigfillset(&blocked)
        // What a fault raises has to arrive where it happens.
        for fault in [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT] { sigdelset(&blocked, fault) }
        pthread_sigmask(SIG_BLOCK, &blocked, &old)
        defer { pthread_sigmask(SIG_SETMASK, &old, nil) }
        #if canImport(Darwin)
            var thread: pthread_t?
            let result = pthread_create(&thread, nil, runWork, box.toOpaque())
            if result == 0, let thread { pthread_detach(thread) }
        #else
            var thread: pthread_t = 0
            let result = pthread_create(&thread, nil, runWork, box.toOpaque())
            if result == 0 { pthread_detach(thread) }
        #endif
        if result != 0 { box.release() }
        return result == 0
    }
}

private final class Work: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

#if canImport(Darwin)
    private func runWork(_ context: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
        Unmanaged<Work>.fromOpaque(context).takeRetainedValue().run()
        return nil
    }
#else
    private func runWork(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let context else { return nil }
        Unmanaged<Work>.fromOpaque(context).takeRetainedValue().run()
        return nil
    }
#endif

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Something that has a thread of its own.
protocol EngineThread: AnyObject, Sendable {
    /// What the thread does; it ends when this returns.
    func main()
}

/// Starts the thread of `owner`, which stays alive as long as the thread does.
/// - Returns: whether there is a thread.
func startThread(of owner: any EngineThread) -> Bool {
    let box = Unmanaged.passRetained(ThreadOwner(owner))
    var old = sigset_t()
    var blocked = sigset_t()
    sigfillset(&blocked)
    // Signals are for the program's own threads, and a SIGPIPE of a connection that breaks under OpenSSL's hands for nobody.
    // What a fault raises has to arrive where it happens.
    for fault in [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT] { sigdelset(&blocked, fault) }
    pthread_sigmask(SIG_BLOCK, &blocked, &old)
    defer { pthread_sigmask(SIG_SETMASK, &old, nil) }
    #if canImport(Darwin)
        var thread: pthread_t?
        let result = pthread_create(&thread, nil, runThread, box.toOpaque())
        if result == 0, let thread { pthread_detach(thread) }
    #else
        var thread: pthread_t = 0
        let result = pthread_create(&thread, nil, runThread, box.toOpaque())
        if result == 0 { pthread_detach(thread) }
    #endif
    if result != 0 { box.release() }
    return result == 0
}

private final class ThreadOwner: Sendable {
    let value: any EngineThread

    init(_ value: any EngineThread) { self.value = value }
}

#if canImport(Darwin)
    private func runThread(_ context: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
        Unmanaged<ThreadOwner>.fromOpaque(context).takeRetainedValue().value.main()
        return nil
    }
#else
    private func runThread(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let context else { return nil }
        Unmanaged<ThreadOwner>.fromOpaque(context).takeRetainedValue().value.main()
        return nil
    }
#endif

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
    #else
        var thread: pthread_t = 0
    #endif
    // Allocated, not initialised: which C module the type's initialiser belongs to depends on what else was imported.
    let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
    defer { attributes.deallocate() }
    pthread_attr_init(attributes)
    defer { pthread_attr_destroy(attributes) }
    pthread_attr_setdetachstate(attributes, Int32(PTHREAD_CREATE_DETACHED))
    guard pthread_create(&thread, attributes, runThread, box.toOpaque()) == 0 else {
        box.release()
        return false
    }
    return true
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

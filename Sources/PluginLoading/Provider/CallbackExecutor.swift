#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Runs what a plugin's callback makes ready on the plugin's own thread, before the callback returns; everything else on the threads that
/// tasks share. A task that prefers it reads what a plugin tells without another thread having to wake up.
final class CallbackExecutor: TaskExecutor {
    static let shared = CallbackExecutor()

    /// What is to be run before the callback returns.
    private struct Jobs {
        /// Whether there is anything; else it goes to the threads that tasks share.
        var isOpen = true
        var waiting: [UnownedJob] = []
    }

    /// Where each thread keeps what its callback has made ready; nothing outside of callbacks. `nil` where the process has no such place
    /// left.
    private static let key: pthread_key_t? = {
        var key = pthread_key_t()
        return pthread_key_create(&key, nil) == 0 ? key : nil
    }()

    private static var current: UnsafeMutablePointer<Jobs>? {
        key.flatMap { pthread_getspecific($0) }?.assumingMemoryBound(to: Jobs.self)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        guard let jobs = Self.current, jobs.pointee.isOpen else { return globalConcurrentExecutor.enqueue(job) }
        jobs.pointee.waiting.append(job)
    }

    /// Does what a callback has to do, and then what that has made ready.
    func run<Result>(_ callback: () -> Result) -> Result {
        // A plugin may call back while it is called by what is run here; that waits until the outer callback has done its part.
        guard Self.current == nil else { return callback() }
        return Self.collecting(Jobs()) { jobs in
            let result = callback()
            var next = 0
            while let jobs, next < jobs.pointee.waiting.count {
                jobs.pointee.waiting[next].runSynchronously(on: asUnownedTaskExecutor())
                next += 1
            }
            return result
        }
    }

    /// Calls a plugin in the middle of something that must not be entered again: should it call back meanwhile, what becomes ready is not
    /// run here.
    func runElsewhere<Result>(during call: () -> Result) -> Result {
        // Inside a callback it waits for the end of that one.
        guard Self.current == nil else { return call() }
        return Self.collecting(Jobs(isOpen: false)) { _ in call() }
    }

    private static func collecting<Result>(_ jobs: Jobs, _ body: (UnsafeMutablePointer<Jobs>?) -> Result) -> Result {
        guard let key else { return body(nil) }
        var jobs = jobs
        return withUnsafeMutablePointer(to: &jobs) { jobs in
            pthread_setspecific(key, jobs)
            defer { pthread_setspecific(key, nil) }
            return body(jobs)
        }
    }
}

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Something that happens on whatever thread, once or a number of times, and that tests and server threads wait for.
final class Signal: @unchecked Sendable {
    // @unchecked: the mutex protects both variables.

    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var missing: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// - Parameter count: how many times it has to be fired until nobody waits any more.
    init(count: Int = 1) {
        missing = count
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    func fire() {
        pthread_mutex_lock(mutex)
        missing -= 1
        let released = missing <= 0 ? waiting : []
        if missing <= 0 {
            waiting = []
            pthread_cond_broadcast(condition)
        }
        pthread_mutex_unlock(mutex)
        for continuation in released { continuation.resume() }
    }

    /// Waits in a task.
    func wait() async {
        await withCheckedContinuation { continuation in
            pthread_mutex_lock(mutex)
            let hasHappened = missing <= 0
            if !hasHappened { waiting.append(continuation) }
            pthread_mutex_unlock(mutex)
            if hasHappened { continuation.resume() }
        }
    }

    /// Waits on a thread of a server.
    func waitBlocking() {
        pthread_mutex_lock(mutex)
        while missing > 0 { pthread_cond_wait(condition, mutex) }
        pthread_mutex_unlock(mutex)
    }
}

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A value behind a lock on which threads can wait until it is as they need it.
///
/// For functions that a foreign thread calls and that have to block, such as the end of a plugin. Never wait in a task: it would keep the
/// thread from those tasks that are waited for. Where nobody waits, use `Guarded`.
public final class Monitor<Value>: @unchecked Sendable {
    // @unchecked: `value` is reached behind the lock only.
    private var value: Value
    private let lock: UnsafeMutablePointer<pthread_mutex_t>
    private let changed: UnsafeMutablePointer<pthread_cond_t>

    /// Puts `value` behind a lock.
    public init(_ value: sending Value) {
        self.value = value
        lock = .allocate(capacity: 1)
        pthread_mutex_init(lock, nil)
        changed = .allocate(capacity: 1)
        pthread_cond_init(changed, nil)
    }

    deinit {
        pthread_cond_destroy(changed)
        changed.deallocate()
        pthread_mutex_destroy(lock)
        lock.deallocate()
    }

    /// Calls `body` with the value while no other thread can reach it, returns what `body` returns, and lets those who wait look again.
    public func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
        pthread_mutex_lock(lock)
        defer {
            pthread_cond_broadcast(changed)
            pthread_mutex_unlock(lock)
        }
        return body(&value)
    }

    /// Blocks the thread until the value is as `condition` wants it.
    public func wait(until condition: (Value) -> Bool) {
        pthread_mutex_lock(lock)
        while !condition(value) { pthread_cond_wait(changed, lock) }
        pthread_mutex_unlock(lock)
    }
}

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
    // Not a member of its own: the lock sees to it that one access does not meet another, and need not be helped by the runtime.
    private let value: UnsafeMutablePointer<Value>
    private let lock: UnsafeMutablePointer<pthread_mutex_t>
    private let changed: UnsafeMutablePointer<pthread_cond_t>

    /// Puts `value` behind a lock.
    public init(_ value: sending Value) {
        self.value = .allocate(capacity: 1)
        self.value.initialize(to: value)
        lock = .allocate(capacity: 1)
        pthread_mutex_init(lock, nil)
        changed = .allocate(capacity: 1)
        #if canImport(Darwin)
            pthread_cond_init(changed, nil)
        #else
            // Time limits must not move with the clock on the wall.
            var attributes = pthread_condattr_t()
            pthread_condattr_init(&attributes)
            pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
            pthread_cond_init(changed, &attributes)
            pthread_condattr_destroy(&attributes)
        #endif
    }

    deinit {
        pthread_cond_destroy(changed)
        changed.deallocate()
        pthread_mutex_destroy(lock)
        lock.deallocate()
        value.deinitialize(count: 1)
        value.deallocate()
    }

    /// Calls `body` with the value while no other thread can reach it, returns what `body` returns, and lets those who wait look again.
    public func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
        withLock(wakingIf: { _ in true }, body)
    }

    /// The same, but lets those who wait look again only where `wakes` says so, after `body`: waking a thread costs more than most bodies.
    public func withLock<Result>(wakingIf wakes: (inout Value) -> Bool, _ body: (inout Value) -> Result) -> Result {
        pthread_mutex_lock(lock)
        let result = body(&value.pointee)
        let wakes = wakes(&value.pointee)
        pthread_mutex_unlock(lock)
        // Behind the lock: who is woken would wait for it else.
        if wakes { pthread_cond_broadcast(changed) }
        return result
    }

    /// Blocks the thread until the value is as `condition` wants it, or `limit` has passed. What it gets is no copy; it may note there that it waits.
    /// - Returns: whether it is.
    public func wait(atMost limit: Duration, until condition: (inout Value) -> Bool) -> Bool {
        let end = ContinuousClock.now + limit
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        while !condition(&value.pointee) {
            let rest = end - .now
            guard rest > .zero else { return false }
            wait(for: min(rest, .seconds(3600)))
        }
        return true
    }

    /// Waits for a change, behind the lock.
    private func wait(for rest: Duration) {
        var time = timespec()
        #if canImport(Darwin)
            time.tv_sec = Int(rest.components.seconds)
            time.tv_nsec = Int(rest.components.attoseconds / 1_000_000_000)
            pthread_cond_timedwait_relative_np(changed, lock, &time)
        #else
            clock_gettime(CLOCK_MONOTONIC, &time)
            time.tv_sec += Int(rest.components.seconds)
            time.tv_nsec += Int(rest.components.attoseconds / 1_000_000_000)
            if time.tv_nsec >= 1_000_000_000 {
                time.tv_sec += 1
                time.tv_nsec -= 1_000_000_000
            }
            pthread_cond_timedwait(changed, lock, &time)
        #endif
    }

    /// Blocks the thread until the value is as `condition` wants it.
    public func wait(until condition: (inout Value) -> Bool) {
        pthread_mutex_lock(lock)
        while !condition(&value.pointee) { pthread_cond_wait(changed, lock) }
        pthread_mutex_unlock(lock)
    }
}

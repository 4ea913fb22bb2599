#if TSAN
    #if canImport(Darwin)
        public import Darwin
    #elseif canImport(Musl)
        public import Musl
    #else
        public import Glibc
    #endif
#else
    public import Synchronization
#endif

/// A value behind a lock: the one way that this package shares mutable state between threads.
///
/// It is a `Mutex`, except under `-DTSAN`, where it is a POSIX mutex: the thread sanitizer of Swift 6.3 does not see that
/// `Mutex` orders accesses and reports races that are none.
///
/// What it does is visible to the modules that use it: the compiler then makes code for their own value, which is a hundred times less of
/// it than code for any value, whose layout has to be looked up at each call.
///
/// Never resume a continuation, call a callback or do I/O inside `withLock`: let the value return what is to be done, and do it after.
public final class Guarded<Value>: @unchecked Sendable {
    // @unchecked: the value is reached through `withLock` only, which holds the lock.
    #if TSAN
        // Beside a byte: an empty value by itself has the address of the object's first word, which is read without the lock.
        @usableFromInline var guarded: (value: Value, padding: UInt8)
        @usableFromInline let lock: UnsafeMutablePointer<pthread_mutex_t>

        /// Puts `value` behind a lock.
        @inlinable
        public init(_ value: sending Value) {
            guarded = (value, 0)
            lock = .allocate(capacity: 1)
            pthread_mutex_init(lock, nil)
        }

        @inlinable
        deinit {
            pthread_mutex_destroy(lock)
            lock.deallocate()
        }

        /// Calls `body` with the value while no other thread can reach it, and returns what `body` returns.
        @inlinable
        public func withLock<Result: ~Copyable, Failure: Error>(
            _ body: (inout Value) throws(Failure) -> sending Result
        ) throws(Failure) -> sending Result {
            pthread_mutex_lock(lock)
            defer { pthread_mutex_unlock(lock) }
            return try body(&guarded.value)
        }
    #else
        @usableFromInline let mutex: Mutex<Value>

        /// Puts `value` behind a lock.
        @inlinable
        public init(_ value: sending Value) {
            mutex = Mutex(value)
        }

        /// Calls `body` with the value while no other thread can reach it, and returns what `body` returns.
        @inlinable
        public func withLock<Result: ~Copyable, Failure: Error>(
            _ body: (inout sending Value) throws(Failure) -> sending Result
        ) throws(Failure) -> sending Result {
            try mutex.withLock(body)
        }
    #endif
}

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Whether this thread is inside a function of the host, where it must not wait for such functions to return.
enum CallbackThread {
    /// Where each thread keeps how many functions of the host it is inside of. `nil` where the process has no such place left.
    private static let key: pthread_key_t? = {
        var key = pthread_key_t()
        return pthread_key_create(&key, nil) == 0 ? key : nil
    }()

    static var isInside: Bool { key.map { depth($0) > 0 } ?? false }

    static func run<Result>(_ function: () -> Result) -> Result {
        guard let key else { return function() }
        let depth = depth(key)
        pthread_setspecific(key, UnsafeRawPointer(bitPattern: depth + 1))
        defer { pthread_setspecific(key, UnsafeRawPointer(bitPattern: depth)) }
        return function()
    }

    private static func depth(_ key: pthread_key_t) -> Int { Int(bitPattern: pthread_getspecific(key)) }
}

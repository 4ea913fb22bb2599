#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What this process has used up until now.
public struct ProcessFigures: Sendable {
    /// User and system time of all threads, in microseconds.
    public let cpu: Double
    /// The monotonic clock, in nanoseconds: the one that the load server puts into its tokens.
    public let time: Int64

    /// The figures of now.
    public static var now: ProcessFigures {
        var usage = rusage()
        getrusage(processSelf, &usage)
        func microseconds(_ time: timeval) -> Double { Double(time.tv_sec) * 1e6 + Double(time.tv_usec) }
        return ProcessFigures(cpu: microseconds(usage.ru_utime) + microseconds(usage.ru_stime), time: monotonicNanoseconds())
    }

    /// User and system time of the calling thread, in microseconds.
    public static var threadCPU: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1000
    }
}

/// The monotonic clock in nanoseconds.
public func monotonicNanoseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

#if canImport(Darwin)
    private let processSelf = RUSAGE_SELF
#else
    private let processSelf = __rusage_who_t(RUSAGE_SELF.rawValue)
#endif

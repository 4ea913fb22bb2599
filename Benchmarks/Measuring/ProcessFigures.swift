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

    /// The resident memory in KiB; 0 where the system does not tell.
    public static var residentKiB: Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 128)
        let count = fread(&bytes, 1, bytes.count, file)
        let fields = String(decoding: bytes[..<count], as: UTF8.self).split(separator: " ")
        return fields.count > 1 ? (Int(fields[1]) ?? 0) * Int(getpagesize()) / 1024 : 0
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

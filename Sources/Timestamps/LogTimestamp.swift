#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A moment of the calendar to the nanosecond, in UTC, as the log's `ts` gives it.
public struct LogTimestamp: Sendable, Hashable {
    /// Whole seconds since 1970-01-01T00:00:00Z, without leap seconds.
    public let seconds: Int
    /// Nanoseconds into that second, 0 to 999,999,999.
    public let nanoseconds: Int

    /// The moment so many seconds and nanoseconds after the start of 1970; the nearest one that RFC 3339 can write (years 0000 to 9999).
    public init(seconds: Int, nanoseconds: Int = 0) {
        self.seconds = min(max(seconds, Self.earliest), Self.latest)
        self.nanoseconds = min(max(nanoseconds, 0), 999_999_999)
    }

    /// The system's time of day.
    public static func now() -> LogTimestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return LogTimestamp(seconds: Int(time.tv_sec), nanoseconds: Int(time.tv_nsec))
    }

    private static let earliest = -62_167_219_200
    private static let latest = 253_402_300_799
}

extension LogTimestamp: Comparable {
    /// Whether `left` is before `right`.
    public static func < (left: LogTimestamp, right: LogTimestamp) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }
}

extension LogTimestamp: CustomStringConvertible {
    /// RFC 3339 with nanoseconds, as Amplifier's kernel writes it: `2026-11-21T08:29:53.358417069+00:00`.
    public var description: String {
        var description = ""
        withUTF8 { description = String(decoding: $0, as: UTF8.self) }
        return description
    }

    /// Calls `body` with the 35 bytes of `description`, which exist during the call only.
    package func withUTF8(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 35) { buffer in
            let days = seconds.floorDivided(by: 86_400)
            let second = UInt32(truncatingIfNeeded: seconds &- days &* 86_400)
            let date = CalendarDate(daysSince1970: days)
            let (year, nanosecond) = (UInt32(truncatingIfNeeded: date.year), UInt32(truncatingIfNeeded: nanoseconds))
            buffer.put(year / 100, at: 0)
            buffer.put(year % 100, at: 2, then: "-")
            buffer.put(UInt32(truncatingIfNeeded: date.month), at: 5, then: "-")
            buffer.put(UInt32(truncatingIfNeeded: date.day), at: 8, then: "T")
            buffer.put(second / 3600, at: 11, then: ":")
            buffer.put(second / 60 % 60, at: 14, then: ":")
            buffer.put(second % 60, at: 17, then: ".")
            buffer.put(nanosecond / 10_000_000, at: 20)
            buffer.put(nanosecond / 100_000 % 100, at: 22)
            buffer.put(nanosecond / 1000 % 100, at: 24)
            buffer.put(nanosecond / 10 % 100, at: 26)
            buffer.put(nanosecond % 10 * 10, at: 28)
            buffer.put(0, at: 30, then: ":")
            buffer.put(0, at: 33)
            buffer[29] = UInt8(ascii: "+")
            body(UnsafeBufferPointer(buffer))
        }
    }
}

extension UnsafeMutableBufferPointer<UInt8> {
    /// Puts the two digits of a number, and the character behind them.
    @inline(__always)
    fileprivate func put(_ number: UInt32, at place: Int, then separator: Unicode.Scalar? = nil) {
        self[place] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number / 10)
        self[place + 1] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number % 10)
        if let separator { self[place + 2] = UInt8(ascii: separator) }
    }
}

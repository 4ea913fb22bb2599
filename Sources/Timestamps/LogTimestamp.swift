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
        withUTF8 { String(decoding: $0, as: UTF8.self) }
    }

    /// Calls `body` with the 35 bytes of `description`, which exist during the call only.
    package func withUTF8<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 35) { buffer in
            let days = seconds.floorDivided(by: 86_400)
            let secondOfDay = seconds - days * 86_400
            let date = CalendarDate(daysSince1970: days)
            var position = 0
            func put(_ value: Int, digits: Int, then separator: Unicode.Scalar) {
                var value = value
                for place in (position..<position + digits).reversed() {
                    buffer[place] = UInt8(ascii: "0") + UInt8(value % 10)
                    value /= 10
                }
                buffer[position + digits] = UInt8(ascii: separator)
                position += digits + 1
            }
            put(date.year, digits: 4, then: "-")
            put(date.month, digits: 2, then: "-")
            put(date.day, digits: 2, then: "T")
            put(secondOfDay / 3600, digits: 2, then: ":")
            put(secondOfDay / 60 % 60, digits: 2, then: ":")
            put(secondOfDay % 60, digits: 2, then: ".")
            put(nanoseconds, digits: 9, then: "+")
            put(0, digits: 2, then: ":")
            buffer[33] = UInt8(ascii: "0")
            buffer[34] = UInt8(ascii: "0")
            return body(UnsafeBufferPointer(buffer))
        }
    }
}

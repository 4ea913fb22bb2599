import Timestamps

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A moment on the clock of this place, for people.
struct LocalTime {
    private let parts: tm
    private let nanoseconds: Int

    init(_ time: LogTimestamp) {
        var seconds = time_t(time.seconds)
        var parts = tm()
        localtime_r(&seconds, &parts)
        self.parts = parts
        nanoseconds = time.nanoseconds
    }

    /// `2026-11-21`
    var date: String {
        "\(Self.digits(Int(parts.tm_year) + 1900, 4))-\(Self.digits(Int(parts.tm_mon) + 1, 2))-\(Self.digits(Int(parts.tm_mday), 2))"
    }

    /// `08:29`
    var minutes: String { "\(Self.digits(Int(parts.tm_hour), 2)):\(Self.digits(Int(parts.tm_min), 2))" }

    /// `2026-11-21 08:29`
    var dateAndTime: String { "\(date) \(minutes)" }

    /// `08:29:53.358`
    var clock: String { "\(minutes):\(Self.digits(Int(parts.tm_sec), 2)).\(Self.digits(nanoseconds / 1_000_000, 3))" }

    /// The beginning of the day in which `time` is.
    static func startOfDay(_ time: LogTimestamp) -> LogTimestamp {
        midnight(LocalTime(time).parts)
    }

    /// The beginning of the day that has the date here which `time` has in UTC.
    static func startOfDay(datedInUTC time: LogTimestamp) -> LogTimestamp {
        var seconds = time_t(time.seconds)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        return midnight(parts)
    }

    private static func midnight(_ day: tm) -> LogTimestamp {
        var parts = day
        parts.tm_hour = 0
        parts.tm_min = 0
        parts.tm_sec = 0
        // Whether summer time holds then is for the system to say.
        parts.tm_isdst = -1
        return LogTimestamp(seconds: Int(mktime(&parts)))
    }

    private static func digits(_ number: Int, _ count: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.count)) + text
    }
}

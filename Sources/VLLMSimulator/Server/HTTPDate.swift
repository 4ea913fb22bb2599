#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Dates as HTTP heads have them.
enum HTTPDate {
    /// This moment, as `Sat, 21 Nov 2026 09:59:53 GMT`.
    static var now: String {
        var moment = time(nil)
        var parts = tm()
        guard gmtime_r(&moment, &parts) != nil else { return "" }
        let day = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][Int(parts.tm_wday)]
        let month = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][Int(parts.tm_mon)]
        let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map(twoDigits).joined(separator: ":")
        return "\(day), \(twoDigits(parts.tm_mday)) \(month) \(1900 + parts.tm_year) \(clock) GMT"
    }

    /// Seconds since 1970, as in `created`.
    static var seconds: Int { time(nil) }

    private static func twoDigits(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
}

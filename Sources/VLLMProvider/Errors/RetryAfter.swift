import SessionLog

/// The `Retry-After` of an answer.
enum RetryAfter {
    /// How long to wait: a number of seconds, or the time until a date (RFC 9110, 10.2.3). `nil` for what is neither.
    /// - Parameter now: seconds since 1970.
    static func delay(_ text: String, now: Int) -> Duration? {
        let seconds = Double(text) ?? date(text).map { Double(max($0.seconds - now, 0)) }
        return seconds.flatMap { (0...longest).contains($0) ? .seconds($0) : nil }
    }

    /// How long to wait by a number of milliseconds (`retry-after-ms`).
    static func delay(milliseconds text: String) -> Duration? {
        Double(text).map { $0 / 1000 }.flatMap { (0...longest).contains($0) ? .seconds($0) : nil }
    }

    /// A year: nobody waits longer, and what does not fit a `Duration` must not come near one.
    private static let longest = 31_536_000.0

    /// `Sat, 21 Nov 2026 09:59:53 GMT`, the only form that is still sent.
    private static func date(_ text: String) -> LogTimestamp? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: parts[2]) else { return nil }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return LogTimestamp("\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z")
    }

    private static let months: [Substring] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}

import HTTPTransport
import Timestamps
import VLLMClient

/// The `Retry-After` of an answer.
enum RetryAfter {
    /// How long an answer asks to wait: by `retry-after-ms`, which gateways of hosted models send, else by `retry-after`.
    ///
    /// A date counts from the answer's own `date`: the server's clock may be another than ours.
    static func delay(_ error: VLLMError) -> Duration? {
        error.retryAfterMilliseconds.flatMap { delay(milliseconds: $0) }
            ?? error.retryAfter.flatMap { delay($0, now: error.headers["date"].flatMap(date) ?? LogTimestamp.now().seconds) }
    }

    /// How long to wait: a number of seconds, or the time until a date (RFC 9110, 10.2.3). `nil` for what is neither.
    /// - Parameter now: seconds since 1970.
    static func delay(_ text: String, now: Int) -> Duration? {
        delay(seconds: Double(text) ?? date(text).map { Double(max($0 - now, 0)) })
    }

    /// How long to wait by a number of milliseconds (`retry-after-ms`).
    static func delay(milliseconds text: String) -> Duration? { delay(seconds: Double(text).map { $0 / 1000 }) }

    /// A year at most: nobody waits longer, and what does not fit a `Duration` must not come near one.
    private static func delay(seconds: Double?) -> Duration? {
        seconds.flatMap { $0 >= 0 && $0.isFinite ? .seconds(min($0, 31_536_000)) : nil }
    }

    /// `Sat, 21 Nov 2026 09:59:53 GMT`, the only form that is still sent, in seconds since 1970.
    private static func date(_ text: String) -> Int? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: parts[2]) else { return nil }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return LogTimestamp("\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z")?.seconds
    }

    private static let months: [Substring] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}

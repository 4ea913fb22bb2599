import ArgumentParsing
import Timestamps

/// A time as one gives it to `--since` and `--until`: a moment, a day, or how long ago it was.
enum TimeArgument {
    static let forms = "RFC 3339, a day (2026-11-21), `today`, `yesterday`, or an age such as 10m, 2h, 3d, 1w"

    /// The moment that the option `key` names; `nil` where it was not given.
    /// - Throws: `UsageError`.
    static func time(_ command: ParsedCommand, _ key: String, now: LogTimestamp = .now()) throws(UsageError) -> LogTimestamp? {
        guard let text = command.value(key) else { return nil }
        guard let time = time(text, now: now) else {
            throw command.usageError("`--\(key)` must be \(forms), not `\(text)`")
        }
        return time
    }

    static func time(_ text: String, now: LogTimestamp) -> LogTimestamp? {
        switch text {
        case "now": return now
        case "today": return LocalTime.startOfDay(now)
        case "yesterday":
            // Noon, so that a day of 23 or 25 hours changes nothing.
            return LocalTime.startOfDay(LogTimestamp(seconds: LocalTime.startOfDay(now).seconds - 43_200))
        default: return LogTimestamp(text) ?? day(text) ?? age(text).map { before(now, by: $0) }
        }
    }

    /// How many seconds an age such as `10m` is.
    static func age(_ text: String) -> Int? {
        guard let unit = text.last, let length = units[unit], let count = Int(text.dropLast()), count >= 0 else { return nil }
        let (seconds, overflows) = count.multipliedReportingOverflow(by: length)
        return overflows ? nil : seconds
    }

    private static let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]

    private static func before(_ now: LogTimestamp, by seconds: Int) -> LogTimestamp {
        LogTimestamp(seconds: now.seconds.subtractingReportingOverflow(seconds).partialValue, nanoseconds: now.nanoseconds)
    }

    private static func day(_ text: String) -> LogTimestamp? {
        LogTimestamp(text + "T00:00:00Z").map { LocalTime.startOfDay(datedInUTC: $0) }
    }
}

public import Timestamps

/// A place in a log that is played back.
public enum PlaybackPosition: Sendable, Hashable {
    /// A call, from 1.
    case call(Int)
    /// So long after the beginning.
    case offset(Duration)
    /// A moment of the calendar.
    case time(LogTimestamp)

    /// Reads `3` (a call), `90s`, `1.5m`, `2h`, `250ms`, `1:30`, `1:02:03` (times from the beginning) or a date and time of RFC 3339; `nil`
    /// where it is none of those.
    public init?(_ text: String) {
        if let number = Int(text) {
            guard number > 0 else { return nil }
            self = .call(number)
        } else if let time = LogTimestamp(text) {
            self = .time(time)
        } else if let seconds = Self.clock(text) ?? Self.measured(text), 0...Self.longest ~= seconds {
            self = .offset(.seconds(seconds))
        } else {
            return nil
        }
    }

    private static let longest = 1e9

    private static func clock(_ text: String) -> Double? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { Double($0) }
        guard 2...3 ~= parts.count, parts.allSatisfy({ $0.map { $0 >= 0 && $0.isFinite } ?? false }) else { return nil }
        return parts.reduce(0) { $0 * 60 + ($1 ?? 0) }
    }

    private static func measured(_ text: String) -> Double? {
        for (unit, seconds) in [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)] where text.hasSuffix(unit) {
            if let number = Double(text.dropLast(unit.count)), number.isFinite { return number * seconds }
        }
        return nil
    }
}

extension Playback {
    /// What is shown from one place to another, both included; `nil` where the log has no such call.
    public func events(from: PlaybackPosition?, to: PlaybackPosition?) -> [PlaybackEvent]? {
        for case .call(let number)? in [from, to] where number > callCount { return nil }
        var lower = 0
        var upper = events.count
        switch from {
        case .call(let number)?: lower = events.firstIndex { $0.call == number } ?? events.count
        case .offset(let offset)?: lower = events.firstIndex { $0.time >= offset } ?? events.count
        case .time(let time)?: lower = events.firstIndex { $0.time >= offset(of: time) } ?? events.count
        case nil: break
        }
        switch to {
        case .call(let number)?: upper = events.lastIndex { $0.call == number }.map { $0 + 1 } ?? 0
        case .offset(let offset)?: upper = events.firstIndex { $0.time > offset } ?? events.count
        case .time(let time)?: upper = events.firstIndex { $0.time > offset(of: time) } ?? events.count
        case nil: break
        }
        return Array(events[min(lower, max(upper, lower))..<max(upper, lower)])
    }

    private func offset(of time: LogTimestamp) -> Duration { start.map { time.duration(since: $0) } ?? .zero }
}

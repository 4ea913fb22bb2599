/// What of a playback is due when: pausing, stepping and another speed included. It knows no clock, and is told what time it is.
public struct PlaybackSchedule: Sendable {
    /// What is to be done next.
    public enum Action: Sendable, Hashable {
        /// Show these.
        case show([PlaybackEvent])
        /// Nothing before then.
        case wait(until: ContinuousClock.Instant)
        /// Nothing before a key is pressed.
        case paused
        /// Everything was shown.
        case over
    }

    /// Speeds that make sense.
    public static let speeds = 0.01...1000.0
    /// How long a person at the keyboard is waited for at most: what they did before a prompt is no part of the session.
    static let longestPause = Duration.seconds(2)

    private let events: [PlaybackEvent]
    /// When each is due, from the beginning of the playback at speed 1.
    private let due: [Duration]
    private let waits: Bool
    private var position = 0
    /// The playback had come so far at this moment.
    private var anchor: (reached: Duration, at: ContinuousClock.Instant)
    private var stepsDue = 0
    /// How many times as fast as recorded it plays.
    public private(set) var speed: Double
    /// Whether it stands still.
    public private(set) var isPaused = false

    /// A playback that begins `now`.
    /// - Parameter waits: whether anything is waited for; otherwise everything is due at once.
    public init(_ events: [PlaybackEvent], speed: Double = 1, waits: Bool = true, now: ContinuousClock.Instant) {
        self.events = events
        self.waits = waits
        self.speed = min(max(speed, Self.speeds.lowerBound), Self.speeds.upperBound)
        anchor = (.zero, now)
        var due: [Duration] = []
        due.reserveCapacity(events.count)
        for (index, event) in events.enumerated() {
            guard index > 0, let last = due.last else {
                due.append(.zero)
                continue
            }
            var gap = max(event.time - events[index - 1].time, .zero)
            if case .prompt = event.kind { gap = min(gap, Self.longestPause) }
            due.append(last + gap)
        }
        self.due = due
    }

    /// What is to be done at this moment. What is to be shown counts as shown.
    public mutating func next(now: ContinuousClock.Instant) -> Action {
        guard position < events.count else { return .over }
        if stepsDue > 0 { return .show(step(now)) }
        if isPaused { return .paused }
        let reached = reached(now)
        let end = waits ? due[position...].firstIndex { $0 > reached } ?? events.count : events.count
        guard end > position else { return .wait(until: anchor.at + (due[position] - anchor.reached) / speed) }
        defer { position = end }
        return .show(Array(events[position..<end]))
    }

    /// Stands still, or goes on.
    public mutating func togglePause(now: ContinuousClock.Instant) {
        anchor = (reached(now), now)
        isPaused.toggle()
    }

    /// Shows the next thing and stands still behind it: the rest of a block of text counts as one.
    public mutating func step(now: ContinuousClock.Instant) {
        if !isPaused { togglePause(now: now) }
        stepsDue += 1
    }

    /// Plays at another speed from here on.
    public mutating func changeSpeed(by factor: Double, now: ContinuousClock.Instant) {
        anchor = (reached(now), now)
        speed = min(max(speed * factor, Self.speeds.lowerBound), Self.speeds.upperBound)
    }

    private mutating func step(_ now: ContinuousClock.Instant) -> [PlaybackEvent] {
        stepsDue -= 1
        let end = (events[position...].firstIndex { !$0.isPiece } ?? events.count - 1) + 1
        defer { position = end }
        anchor = (due[end - 1], now)
        return Array(events[position..<end])
    }

    private func reached(_ now: ContinuousClock.Instant) -> Duration {
        isPaused ? anchor.reached : anchor.reached + (now - anchor.at) * speed
    }
}

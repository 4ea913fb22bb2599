/// How much was used within the last minute: in no 60 seconds, wherever they begin, is more counted than the limit.
///
/// What falls into one tenth of a second is counted together, so that the memory does not grow with the number of calls.
struct MinuteWindow: Sendable {
    private struct Slot {
        let start: ContinuousClock.Instant
        var amount: Int
        /// When no minute holds any of it.
        var end: ContinuousClock.Instant { start + MinuteWindow.resolution + .seconds(60) }
    }

    static let resolution = Duration.milliseconds(100)
    /// So large a number is none that a server counted; sums of it do not overflow.
    private static let largest = 1 << 32

    let limit: Int
    /// How much the last minute holds.
    private(set) var used = 0
    private var slots: [Slot] = []
    /// Of those in front of it no minute holds anything any more.
    private var first = 0

    /// How many tenths of a second are remembered: the measure of its memory.
    var slotCount: Int { slots.count }

    /// - Parameter limit: of a minute; at least 1.
    init(limit: Int) {
        self.limit = limit
    }

    /// When there is room for `amount`; `nil` for now. What is more than the limit needs a minute of its own.
    mutating func room(for amount: Int, _ now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        expire(now)
        var left = used - (limit - min(max(amount, 0), limit))
        guard left > 0 else { return nil }
        for slot in slots[first...] {
            left -= slot.amount
            if left <= 0 { return slot.end }
        }
        return slots.last?.end
    }

    /// Counts what is used now.
    mutating func add(_ amount: Int, _ now: ContinuousClock.Instant) {
        expire(now)
        let amount = min(max(amount, 0), Self.largest)
        used += amount
        if let last = slots.last, first < slots.count, now < last.start + Self.resolution {
            slots[slots.count - 1].amount += amount
        } else {
            slots.append(Slot(start: now, amount: amount))
        }
    }

    /// Counts what was counted at `time` as `actual`, since it turned out to be that.
    mutating func correct(_ estimate: Int, to actual: Int, at time: ContinuousClock.Instant) {
        let change = min(max(actual, 0), Self.largest) - min(max(estimate, 0), Self.largest)
        guard change != 0, let index = slots[first...].lastIndex(where: { $0.start <= time }) else { return }
        guard time < slots[index].start + Self.resolution else { return }
        slots[index].amount += change
        used += change
    }

    private mutating func expire(_ now: ContinuousClock.Instant) {
        while first < slots.count, slots[first].end <= now {
            used -= slots[first].amount
            first += 1
        }
        // Moved together when that is less than what has expired.
        guard first > slots.count / 2 else { return }
        slots.removeFirst(first)
        first = 0
    }
}

/// The positions of moments on an axis from 0 to 1, on which times when nothing was done are cut short: a session waits for its user for
/// hours, and its calls take seconds.
struct TimeAxis {
    /// A time that is on the axis in one scale.
    struct Stretch {
        /// Seconds.
        let start: Double
        let end: Double
        /// Where it is on the axis.
        fileprivate(set) var from = 0.0
        fileprivate(set) var to = 0.0
        /// Whether nothing was done, and it was cut short.
        let isCut: Bool
    }

    /// The stretches in order, without gaps.
    private(set) var stretches: [Stretch] = []

    /// An axis with all of these times on it, in seconds from any moment. What is not finite is left out; an end before its beginning
    /// counts as the beginning.
    init(_ times: [(start: Double, end: Double)]) {
        let sorted = times.filter { $0.start.isFinite && $0.end.isFinite }.map { (start: $0.start, end: max($0.start, $0.end)) }
            .sorted { $0.start < $1.start }
        guard let first = sorted.first else { return }
        var busy = [first]
        for time in sorted.dropFirst() {
            if time.start <= busy[busy.count - 1].end {
                busy[busy.count - 1].end = max(busy[busy.count - 1].end, time.end)
            } else {
                busy.append(time)
            }
        }
        let total = busy.reduce(0) { $0 + $1.end - $1.start }
        // Idle times take half of the axis at most.
        let longest = busy.count > 1 ? min(0.03 * total, 0.5 * total / Double(busy.count - 1)) : 0
        var widths: [Double] = []
        for (index, time) in busy.enumerated() {
            if index > 0 {
                let idle = Stretch(start: busy[index - 1].end, end: time.start, isCut: time.start - busy[index - 1].end > longest)
                stretches.append(idle)
                widths.append(min(idle.end - idle.start, longest))
            }
            stretches.append(Stretch(start: time.start, end: time.end, isCut: false))
            widths.append(time.end - time.start)
        }
        place(widths)
    }

    private mutating func place(_ widths: [Double]) {
        let whole = widths.reduce(0, +)
        guard whole > 0, whole.isFinite else { return }
        var position = 0.0
        for (index, width) in widths.enumerated() {
            stretches[index].from = min(position / whole, 1)
            position += width
            stretches[index].to = min(position / whole, 1)
        }
    }

    /// Where a moment is; moments outside of the axis are at its ends.
    func position(of seconds: Double) -> Double {
        guard seconds.isFinite else { return 0 }
        // The last stretch that has begun.
        var (low, high) = (0, stretches.count)
        while low < high {
            let middle = (low + high) / 2
            if stretches[middle].start <= seconds { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return 0 }
        let stretch = stretches[low - 1]
        let length = stretch.end - stretch.start
        guard length > 0 else { return stretch.from }
        return stretch.from + (stretch.to - stretch.from) * min(max((seconds - stretch.start) / length, 0), 1)
    }
}

import Timestamps

/// Records that are written together, in their order: finished lines, and events that are made into lines when the file is at hand, since
/// it may hold their contents already.
package struct LogGroup: Sendable {
    /// The finished lines, one behind the other.
    private(set) var lines: [UInt8] = []
    /// Where the line of each record ends in `lines`; that of an event, where the one before it does.
    private(set) var ends: [Int] = []
    /// The events, by the number of the record.
    private(set) var events: [(number: Int, event: SessionEvent)] = []
    /// About how many bytes of memory it holds.
    private(set) var size = 0
    /// When the first record happened.
    private(set) var time: LogTimestamp?

    /// How many records there are.
    var count: Int { ends.count }

    /// Calls one of the functions for each record from one on, in their order.
    func forEach(from first: Int, line: (UnsafeBufferPointer<UInt8>) -> Void, event: (SessionEvent) -> Void) {
        var events = events.drop { $0.number < first }
        lines.withUnsafeBufferPointer { lines in
            for number in first..<count {
                if let next = events.first, next.number == number {
                    event(next.event)
                    events.removeFirst()
                } else {
                    line(UnsafeBufferPointer(rebasing: lines[start(of: number)..<ends[number]]))
                }
            }
        }
    }

    /// Where the line of a record starts in `lines`.
    func start(of number: Int) -> Int { number > 0 ? ends[number - 1] : 0 }

    mutating func append(line: UnsafeBufferPointer<UInt8>, at time: LogTimestamp) {
        self.time = self.time ?? time
        lines.append(contentsOf: line)
        ends.append(lines.count)
        size += line.count
    }

    mutating func append(_ event: SessionEvent, size: Int) {
        time = time ?? event.time
        events.append((ends.count, event))
        ends.append(lines.count)
        self.size += size
    }

    /// Forgets the records, and keeps the memory for others.
    package mutating func removeAll() {
        lines.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        events = []
        size = 0
        time = nil
    }
}

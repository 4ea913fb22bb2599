import JSON
import Timestamps

/// The records that wait for the disk, within bounds: what has no room is dropped and counted.
package struct LogQueue: Sendable {
    /// How many records there may be, however small they are.
    static let maximumCount = 1 << 17
    /// About how many bytes are taken at once.
    private static let groupSize = 1 << 20
    /// From how many bytes on an event is taken by itself: what it takes to make lines of it, those before it need not wait for.
    private static let largeEvent = 64 << 10

    /// How many bytes there may be, about.
    var limit: Int
    private(set) var bytes = 0
    /// How many records wait.
    private(set) var count = 0
    /// How many records were dropped since this was last told.
    private(set) var droppedSinceTold = 0
    /// The groups that are full, in their order, and the one behind them that records are added to.
    private var full: [LogGroup] = []
    private var open = LogGroup()
    /// The memory of a group that is written.
    private var spare = LogGroup()

    package init(limit: Int) {
        self.limit = limit
    }

    var isEmpty: Bool { count == 0 && droppedSinceTold == 0 }

    /// Takes a record in. Returns whether there was room for it.
    package mutating func add(_ record: LogRecord, of lines: UnsafeBufferPointer<UInt8>) -> Bool {
        switch record.content {
        case .line(let range):
            guard makeRoom(range.count, record.isMinor) else { return false }
            open.append(line: UnsafeBufferPointer(rebasing: lines[range]), at: record.time)
        case .event(let event, let size):
            guard makeRoom(size, record.isMinor, isAlone: size >= Self.largeEvent) else { return false }
            open.append(event, size: size)
        }
        return true
    }

    private mutating func makeRoom(_ size: Int, _ isMinor: Bool, isAlone: Bool = false) -> Bool {
        let quarters = isMinor ? 3 : 4
        let (room, records) = (limit / 4 * quarters, Self.maximumCount / 4 * quarters)
        // One that is larger than the whole queue would otherwise never be logged.
        guard count == 0 || (size <= room - bytes && count < records) else {
            droppedSinceTold += 1
            return false
        }
        bytes += size
        count += 1
        beginGroup(for: isAlone ? Self.groupSize : size)
        return true
    }

    private mutating func beginGroup(for size: Int) {
        if open.size == 0 || open.size + size <= Self.groupSize { return }
        full.append(open)
        open = spare
        spare = LogGroup()
    }

    /// The next records that are to be written together; behind all that waited, if any were dropped, one that says so, and why.
    /// - Returns: the records, and whether one more waits now than were added, which is that.
    package mutating func take(reason: String) -> (group: LogGroup, tellsOfDrops: Bool) {
        let tells = droppedSinceTold > 0
        if tells {
            let payload: JSONObject = ["count": .integer(droppedSinceTold), "reason": .string(reason)]
            beginGroup(for: 0)
            open.append(SessionEvent(SessionEvent.droppedName, payload), size: 0)
            count += 1
            droppedSinceTold = 0
        }
        var group = LogGroup()
        if full.isEmpty {
            // Moved, not copied: this is done for each line that is waited for.
            swap(&group, &open)
            swap(&open, &spare)
        } else {
            group = full.removeFirst()
        }
        bytes -= group.size
        count -= group.count
        return (group, tells)
    }

    /// Takes the memory of a group that is written and emptied, for the next one.
    package mutating func recycle(_ group: consuming LogGroup) {
        guard group.lines.capacity <= 2 * Self.groupSize else { return }
        // Where nothing has come meanwhile, one memory is enough.
        if open.count == 0, open.lines.capacity == 0 { open = group } else { spare = group }
    }

    /// Gives memory back that nothing is in.
    mutating func shrink() {
        spare = LogGroup()
        if open.count == 0 { open = LogGroup() }
    }
}

import JSON

/// The records that wait for the disk, within bounds: what has no room is dropped and counted.
struct LogQueue {
    /// How many records there may be, however small they are.
    static let maximumCount = 1 << 17
    /// About how many bytes are taken at once.
    private static let groupSize = 1 << 20

    /// How many bytes there may be, about.
    var limit: Int
    private(set) var bytes = 0
    /// How many records were dropped since this was last told.
    private(set) var droppedSinceTold = 0
    private var events: [SessionEvent] = []
    private var sizes: [Int] = []

    init(limit: Int) {
        self.limit = limit
    }

    var isEmpty: Bool { events.isEmpty && droppedSinceTold == 0 }

    /// How many records wait.
    var count: Int { events.count }

    /// Takes a record in. Returns whether there was room for it.
    mutating func add(_ event: SessionEvent, size: Int) -> Bool {
        let quarters = event.isMinor ? 3 : 4
        let (room, records) = (limit / 4 * quarters, Self.maximumCount / 4 * quarters)
        // One that is larger than the whole queue would otherwise never be logged.
        guard events.isEmpty || (size <= room - bytes && events.count < records) else {
            droppedSinceTold += 1
            return false
        }
        events.append(event)
        sizes.append(size)
        bytes += size
        return true
    }

    /// The next records that are to be written together; behind all that waited, if any were dropped, one that says so, and why.
    /// - Returns: the records, and whether one of them is that.
    mutating func take(reason: String) -> (events: [SessionEvent], tellsOfDrops: Bool) {
        let tells = droppedSinceTold > 0
        if tells {
            let payload: JSONObject = ["count": .integer(droppedSinceTold), "reason": .string(reason)]
            events.append(SessionEvent(SessionEvent.droppedName, payload))
            sizes.append(0)
            droppedSinceTold = 0
        }
        var size = 0
        var count = 0
        for next in sizes {
            if count > 0, size + next > Self.groupSize { break }
            size += next
            count += 1
        }
        bytes -= size
        if count == events.count {
            defer {
                events = []
                sizes = []
            }
            return (events, tells)
        }
        let taken = Array(events[..<count])
        events.removeFirst(count)
        sizes.removeFirst(count)
        return (taken, tells)
    }
}

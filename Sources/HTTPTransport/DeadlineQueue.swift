/// Who is to be called when: one time for each, the earliest first. A value without I/O: setting and removing take O(log n).
struct DeadlineQueue<ID: Hashable> {
    /// A binary heap: no entry is earlier than its parent, which stands at half its index.
    private var heap: [(time: MonotonicTime, id: ID)] = []
    /// Where each one stands in the heap.
    private var positions: [ID: Int] = [:]

    /// The earliest time.
    var first: MonotonicTime? { heap.first?.time }

    /// Sets the time of `id`, in place of the one it had.
    mutating func set(_ id: ID, _ time: MonotonicTime) {
        if let position = positions[id] {
            heap[position].time = time
            settle(position)
        } else {
            positions[id] = heap.count
            heap.append((time, id))
            settle(heap.count - 1)
        }
    }

    /// Forgets `id`.
    mutating func remove(_ id: ID) {
        guard let position = positions.removeValue(forKey: id) else { return }
        let last = heap.removeLast()
        guard position < heap.count else { return }
        place(last, at: position)
        settle(position)
    }

    /// Takes out the earliest one whose time has come.
    mutating func popDue(_ now: MonotonicTime) -> ID? {
        guard let entry = heap.first, entry.time <= now else { return nil }
        remove(entry.id)
        return entry.id
    }

    /// Moves an entry up or down to where it belongs.
    private mutating func settle(_ start: Int) {
        let entry = heap[start]
        var position = start
        while position > 0, entry.time < heap[(position - 1) / 2].time {
            place(heap[(position - 1) / 2], at: position)
            position = (position - 1) / 2
        }
        while let child = earlierChild(of: position), heap[child].time < entry.time {
            place(heap[child], at: position)
            position = child
        }
        place(entry, at: position)
    }

    private func earlierChild(of position: Int) -> Int? {
        let (left, right) = (2 * position + 1, 2 * position + 2)
        guard left < heap.count else { return nil }
        return right < heap.count && heap[right].time < heap[left].time ? right : left
    }

    private mutating func place(_ entry: (time: MonotonicTime, id: ID), at position: Int) {
        heap[position] = entry
        positions[entry.id] = position
    }
}

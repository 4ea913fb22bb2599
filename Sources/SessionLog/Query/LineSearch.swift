/// Goes from one place where a text stands to the next, in a buffer that holds many lines.
struct LineSearch: ~Copyable {
    let finder: ByteFinder
    /// The buffer in small letters, where case is ignored, and how far.
    private var folded = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    private var foldedEnd = 0
    /// Where each text stands next, as far as that was looked for; `Int.max` where it does not.
    private var hits: [Int]

    init(_ finder: ByteFinder) {
        self.finder = finder
        hits = finder.needles.map { _ in -1 }
    }

    deinit { folded.deallocate() }

    /// Forgets what was found: the buffer has changed.
    mutating func reset() {
        foldedEnd = 0
        for index in hits.indices { hits[index] = -1 }
    }

    /// Where one of the texts stands first in `bytes[start..<end]`. Until the next `reset`, `end` must stay, and `start` only grow.
    mutating func next(in bytes: UnsafeRawBufferPointer, from start: Int, to end: Int) -> Int? {
        var searched = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
        if finder.ignoresCase {
            fold(bytes, from: start, to: end)
            searched = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(folded)[start..<end])
        }
        for index in hits.indices where hits[index] < start {
            hits[index] = finder.first(index, in: searched).map { start + $0 } ?? .max
        }
        return hits.min().flatMap { $0 == .max ? nil : $0 }
    }

    private mutating func fold(_ bytes: UnsafeRawBufferPointer, from start: Int, to end: Int) {
        guard foldedEnd < end else { return }
        if folded.count < end {
            folded.deallocate()
            folded = .allocate(byteCount: bytes.count, alignment: 16)
        }
        ByteFinder.fold(
            UnsafeRawBufferPointer(rebasing: bytes[start..<end]), into: UnsafeMutableRawBufferPointer(rebasing: folded[start..<end]))
        foldedEnd = end
    }
}

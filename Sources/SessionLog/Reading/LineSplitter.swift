#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Cuts a stream of bytes into lines, within bounded memory: lines longer than a limit are passed over.
struct LineSplitter: ~Copyable {
    /// A line without its line feed.
    struct Line: Equatable {
        /// Which line it is, from 1.
        var number: Int
        /// Where it begins, in bytes from the beginning of the stream.
        var offset: Int
        /// Where its bytes stand (`bytes`); `nil` where they are more than the limit.
        var range: Range<Int>?
        /// Whether a line feed ends it; only the last line can be without.
        var isComplete: Bool
    }

    /// How much is read at once, where the current line leaves room for it.
    private static let blockSize = 256 << 10

    private let limit: Int
    private var buffer: UnsafeMutableRawBufferPointer
    /// How many bytes of `buffer` are filled.
    private var end = 0
    /// Where in `buffer` the current line begins, and up to where it has been searched for its end.
    private var start = 0
    private var searched = 0
    /// Bytes of the current line that are not kept any more because it is too long.
    private var dropped = 0
    /// Which line the current one is.
    private(set) var number = 1
    private var offset = 0
    /// Behind the last line feed in `buffer`.
    private var complete = 0
    private var search: LineSearch?

    /// A splitter that keeps at most `limit` bytes of a line.
    /// - Parameter finder: what must stand in the lines that `nextWanted` gives out; `nil` makes that all lines.
    init(limit: Int, finder: ByteFinder? = nil) {
        self.limit = limit
        search = finder.map { LineSearch($0) }
        buffer = .allocate(byteCount: Self.blockSize, alignment: 16)
    }

    deinit { buffer.deallocate() }

    /// Takes the next bytes of the stream from `read`, which writes them into the memory that it is given and says how many they are; 0 is the
    /// end of the stream. Every line that they end must be fetched before the next call. Returns whether there were any.
    mutating func fill<Failure: Error>(_ read: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int) throws(Failure) -> Bool {
        makeRoom()
        let count = try read(UnsafeMutableRawBufferPointer(rebasing: buffer[end...]))
        if search != nil {
            let lineFeed = buffer[end..<end + count].lastIndex(of: 0x0A)
            complete = lineFeed.map { $0 + 1 } ?? start
            search?.reset()
        }
        end += count
        return count > 0
    }

    /// The next line that is complete and has in it what is looked for; the lines before it are passed over without being looked at one by one.
    mutating func nextWanted() -> Line? {
        guard search != nil, dropped == 0 else { return next() }
        guard start < complete else {
            searched = end
            return nil
        }
        guard let hit = search?.next(in: UnsafeRawBufferPointer(buffer), from: start, to: complete) else {
            passOver(upTo: complete)
            return nil
        }
        passOver(upTo: buffer[start..<hit].lastIndex(of: 0x0A).map { $0 + 1 } ?? start)
        return next()
    }

    /// Counts lines without looking at them.
    private mutating func passOver(upTo position: Int) {
        offset += position - start
        searched = start
        while let found = lineFeed(from: searched), found < position {
            number += 1
            searched = found + 1
        }
        start = position
        searched = position
    }

    /// The next line that is complete.
    mutating func next() -> Line? {
        guard let found = lineFeed(from: searched) else {
            searched = end
            return nil
        }
        let line = line(upTo: found, isComplete: true)
        start = found + 1
        searched = start
        return line
    }

    /// What stands behind the last line feed, once the stream is at its end; `nil` where that is nothing. What comes afterwards is another
    /// line, of the next file of a log.
    mutating func finish() -> Line? {
        guard dropped > 0 || start < end else { return nil }
        let line = line(upTo: end, isComplete: false)
        start = end
        searched = start
        return line
    }

    /// The bytes at `range`, which stay there until the next `fill`.
    func bytes(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
        UnsafeRawBufferPointer(rebasing: buffer[range]).assumingMemoryBound(to: UInt8.self)
    }

    private mutating func makeRoom() {
        if dropped > 0 || end - start > limit {
            dropped += end - start
            start = 0
            end = 0
        } else if start > 0 {
            if start < end, let base = buffer.baseAddress { memmove(base, base + start, end - start) }
            end -= start
            start = 0
        }
        searched = end
        guard buffer.count - end < Self.blockSize / 2 else { return }
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: buffer.count * 2, alignment: 16)
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[..<end]))
        buffer.deallocate()
        buffer = larger
    }

    private func lineFeed(from position: Int) -> Int? {
        guard position < end, let base = buffer.baseAddress, let found = memchr(base + position, 0x0A, end - position) else { return nil }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }

    private mutating func line(upTo lineEnd: Int, isComplete: Bool) -> Line {
        let length = dropped + lineEnd - start
        defer {
            number += 1
            offset += length + (isComplete ? 1 : 0)
            dropped = 0
        }
        return Line(number: number, offset: offset, range: length > limit ? nil : start..<lineEnd, isComplete: isComplete)
    }
}

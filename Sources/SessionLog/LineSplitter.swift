/// Cuts a stream of bytes into lines, within bounded memory: lines longer than a limit are passed over.
struct LineSplitter {
    /// A line without its line feed.
    struct Line: Equatable {
        /// Which line it is, from 1.
        var number: Int
        /// Where it begins, in bytes from the beginning of the stream.
        var offset: Int
        /// The bytes; `nil` where they are more than the limit.
        var bytes: ArraySlice<UInt8>?
        /// Whether a line feed ends it; only the last line can be without.
        var isComplete: Bool
    }

    private let limit: Int
    private var buffer: [UInt8] = []
    /// Where in `buffer` the current line begins, and up to where it has been searched for its end.
    private var start = 0
    private var searched = 0
    /// Bytes of the current line that are not kept any more because it is too long.
    private var dropped = 0
    private var number = 1
    private var offset = 0

    /// A splitter that keeps at most `limit` bytes of a line.
    init(limit: Int) {
        self.limit = limit
    }

    /// Takes the next bytes of the stream. Every line that they end must be fetched before the next call.
    mutating func append(_ bytes: some Collection<UInt8>) {
        buffer.removeFirst(start)
        searched -= start
        start = 0
        if dropped > 0 || buffer.count > limit {
            dropped += buffer.count
            buffer.removeAll(keepingCapacity: false)
            searched = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// The next line that is complete.
    mutating func next() -> Line? {
        guard let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) else {
            searched = buffer.count
            return nil
        }
        let line = line(upTo: end, isComplete: true)
        start = end + 1
        searched = start
        return line
    }

    /// What stands behind the last line feed, once the stream is at its end; `nil` where that is nothing.
    mutating func finish() -> Line? {
        guard dropped > 0 || start < buffer.count else { return nil }
        let line = line(upTo: buffer.count, isComplete: false)
        start = buffer.count
        searched = start
        return line
    }

    private mutating func line(upTo end: Int, isComplete: Bool) -> Line {
        let length = dropped + end - start
        defer {
            number += 1
            offset += length + 1
            dropped = 0
        }
        return Line(number: number, offset: offset, bytes: length > limit ? nil : buffer[start..<end], isComplete: isComplete)
    }
}

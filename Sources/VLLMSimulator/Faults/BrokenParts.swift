/// A body that breaks off after so many bytes.
struct BrokenParts: PartSource {
    private var source: any PartSource
    private var left: Int
    private let ending: SimulatedResponse.Part
    private var isOver = false

    init(_ source: any PartSource, limit: Int, ending: SimulatedResponse.Part) {
        self.source = source
        left = limit
        self.ending = ending
    }

    mutating func next() -> SimulatedResponse.Part? {
        guard !isOver else { return nil }
        guard left > 0, let part = source.next() else {
            isOver = true
            return ending
        }
        guard case .bytes(let bytes) = part else { return part }
        defer { left -= bytes.count }
        return .bytes(Array(bytes.prefix(left)))
    }
}

/// A body in pieces of so many bytes, with a pause before each.
struct DrippingParts: PartSource {
    private var source: any PartSource
    private let size: Int
    private let interval: Duration
    private var rest: ArraySlice<UInt8> = []
    private var hasPaused = false

    init(_ source: any PartSource, size: Int, interval: Duration) {
        self.source = source
        self.size = size
        self.interval = interval
    }

    mutating func next() -> SimulatedResponse.Part? {
        while rest.isEmpty {
            guard let part = source.next() else { return nil }
            guard case .bytes(let bytes) = part else { return part }
            rest = bytes[...]
        }
        hasPaused.toggle()
        guard !hasPaused else { return .pause(interval) }
        defer { rest = rest.dropFirst(size) }
        return .bytes(Array(rest.prefix(size)))
    }
}

/// Bytes that come first, and others that come again and again without end.
struct EndlessParts: PartSource {
    private var first: [UInt8]?
    private let repeated: [UInt8]

    /// - Parameter repeated: a few bytes; so many of them are sent at once that it is worth it.
    init(_ first: [UInt8], repeating repeated: [UInt8]) {
        self.first = first
        self.repeated = Array(repeatElement(repeated, count: max(1, (32 << 10) / max(1, repeated.count))).joined())
    }

    mutating func next() -> SimulatedResponse.Part? {
        defer { first = nil }
        return .bytes(first ?? repeated)
    }

    /// A text without end that is compressed, as gzip writes it.
    static var gzipBomb: EndlessParts {
        // The last block with fixed codes; the letter x; and then "258 times what was one byte ago" (code 285, distance code 0).
        var bits: [UInt8] = [1, 1, 0] + [1, 0, 1, 0, 1, 0, 0, 0]
        for _ in 0..<16 { bits += [1, 1, 0, 0, 0, 1, 0, 1] + [0, 0, 0, 0, 0] }
        let bytes = (0..<bits.count / 8).map { byte in
            (0..<8).reduce(into: UInt8(0)) { $0 |= bits[byte * 8 + $1] << $1 }
        }
        // Eight repetitions are 13 bytes, which come out the same from the second byte on.
        let head: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
        return EndlessParts(head + bytes[..<1], repeating: Array(bytes[1..<14]))
    }
}

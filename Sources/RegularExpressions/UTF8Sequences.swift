/// The sequences of bytes by which UTF-8 writes the scalars of a range: each a range for the first byte, one for the second, …
struct UTF8Sequences {
    private(set) var sequences: [[ClosedRange<UInt8>]] = []

    init(_ range: ClosedRange<UInt32>) {
        // Scalars of one length first.
        for length: ClosedRange<UInt32> in [0...0x7F, 0x80...0x7FF, 0x800...0xFFFF, 0x10000...0x10FFFF] where range.overlaps(length) {
            add(range.clamped(to: length))
        }
    }

    /// Splits until all that comes behind the first byte in which both ends differ runs through everything that can stand there.
    private mutating func add(_ range: ClosedRange<UInt32>) {
        let length = Self.bytes(range.lowerBound).count
        var shift: UInt32 = 6
        for _ in 1..<max(length, 1) {
            let mask: UInt32 = (1 << shift) - 1
            if range.lowerBound & ~mask != range.upperBound & ~mask {
                if range.lowerBound & mask != 0 {
                    add(range.lowerBound...(range.lowerBound | mask))
                    return add((range.lowerBound | mask) + 1...range.upperBound)
                }
                if range.upperBound & mask != mask {
                    add(range.lowerBound...(range.upperBound & ~mask) - 1)
                    return add((range.upperBound & ~mask)...range.upperBound)
                }
            }
            shift += 6
        }
        sequences.append(zip(Self.bytes(range.lowerBound), Self.bytes(range.upperBound)).map { $0...$1 })
    }

    private static func bytes(_ scalar: UInt32) -> [UInt8] {
        Unicode.Scalar(scalar).map { Array(UTF8.encode($0) ?? UTF8.encodedReplacementCharacter) } ?? []
    }
}

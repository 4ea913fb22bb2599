/// A set of Unicode scalars.
struct ScalarSet {
    /// In order, without overlaps. None of them holds surrogates: nothing in UTF-8 stands for those.
    private(set) var ranges: [ClosedRange<UInt32>]

    init(_ ranges: [ClosedRange<UInt32>]) {
        var merged: [ClosedRange<UInt32>] = []
        for range in ranges.flatMap(Self.withoutSurrogates).sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last, range.lowerBound <= last.upperBound &+ 1 {
                merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        self.ranges = merged
    }

    static let digits = ScalarSet([0x30...0x39])
    static let wordCharacters = ScalarSet([0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    static let spaces = ScalarSet([0x09...0x0D, 0x20...0x20])
    static let all = ScalarSet([0...0xD7FF, 0xE000...0x10FFFF])
    /// What `.` is.
    static let allButLineFeed = ScalarSet([0x0A...0x0A]).inverted

    var inverted: ScalarSet {
        var inverted: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges {
            if range.lowerBound > next { inverted.append(next...range.lowerBound - 1) }
            next = range.upperBound + 1
        }
        if next <= 0x10FFFF { inverted.append(next...0x10FFFF) }
        return ScalarSet(inverted)
    }

    private static func withoutSurrogates(_ range: ClosedRange<UInt32>) -> [ClosedRange<UInt32>] {
        guard range.overlaps(0xD800...0xDFFF) else { return [range] }
        var parts: [ClosedRange<UInt32>] = []
        if range.lowerBound < 0xD800 { parts.append(range.lowerBound...0xD7FF) }
        if range.upperBound > 0xDFFF { parts.append(0xE000...range.upperBound) }
        return parts
    }

    /// With the other case of every letter of ASCII in it, and of each other scalar that stands alone.
    var ignoringCase: ScalarSet {
        var all = ranges
        for range in ranges {
            let small = range.clamped(to: 0x61...0x7A)
            if range.overlaps(0x61...0x7A) { all.append(small.lowerBound - 32...small.upperBound - 32) }
            let large = range.clamped(to: 0x41...0x5A)
            if range.overlaps(0x41...0x5A) { all.append(large.lowerBound + 32...large.upperBound + 32) }
            if range.count == 1, range.lowerBound > 0x7F, let scalar = Unicode.Scalar(range.lowerBound) {
                all += [scalar.properties.lowercaseMapping, scalar.properties.uppercaseMapping].compactMap { mapping in
                    mapping.unicodeScalars.count == 1 ? mapping.unicodeScalars.first.map { $0.value...$0.value } : nil
                }
            }
        }
        return ScalarSet(all)
    }
}

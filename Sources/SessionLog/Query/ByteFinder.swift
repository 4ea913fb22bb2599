#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Looks for texts among many bytes.
struct ByteFinder: Sendable, Equatable {
    /// The texts; in small letters where case is ignored.
    let needles: [[UInt8]]
    /// Whether large and small letters of ASCII are the same.
    let ignoresCase: Bool

    /// Where in each text its rarest byte is, as far as one can tell: that one is looked for, and the others only around it.
    private let rarest: [Int]

    init(_ needles: [[UInt8]], ignoresCase: Bool = false) {
        let needles = ignoresCase ? needles.map { $0.map(Self.lowercased) } : needles
        self.needles = needles
        self.ignoresCase = ignoresCase
        rarest = needles.map { needle in needle.indices.min { Self.frequency(needle[$0]) < Self.frequency(needle[$1]) } ?? 0 }
    }

    /// Where needle `index` stands first in `bytes`, which are in small letters where case is ignored.
    func first(_ index: Int, in bytes: UnsafeRawBufferPointer) -> Int? {
        let (needle, rarest) = (needles[index], rarest[index])
        guard let base = bytes.baseAddress, !needle.isEmpty else { return bytes.isEmpty && !needle.isEmpty ? nil : 0 }
        return needle.withUnsafeBytes { needle in
            guard let text = needle.baseAddress, bytes.count >= needle.count else { return nil }
            var position = rarest
            let end = bytes.count - needle.count + rarest + 1
            while position < end, let found = memchr(base + position, Int32(needle[rarest]), end - position) {
                position = UnsafeRawPointer(found) - base
                if memcmp(base + position - rarest, text, needle.count) == 0 { return position - rarest }
                position += 1
            }
            return nil
        }
    }

    /// Where one of the texts stands first.
    func firstMatch(in bytes: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
        guard ignoresCase else { return firstMatch(inFolded: UnsafeRawBufferPointer(bytes)) }
        return bytes.map(Self.lowercased).withUnsafeBytes { firstMatch(inFolded: $0) }
    }

    private func firstMatch(inFolded bytes: UnsafeRawBufferPointer) -> Range<Int>? {
        needles.indices.compactMap { index in first(index, in: bytes).map { $0..<$0 + needles[index].count } }
            .min { $0.lowerBound < $1.lowerBound }
    }

    /// Copies bytes in small letters.
    static func fold(_ bytes: UnsafeRawBufferPointer, into copy: UnsafeMutableRawBufferPointer) {
        for index in bytes.indices { copy[index] = lowercased(bytes[index]) }
    }

    /// How common a byte is in logs, roughly: the letters of English by rank, what JSON and ids are made of before all others.
    private static func frequency(_ byte: UInt8) -> Int {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: " "), UInt8(ascii: ":"), UInt8(ascii: ","): 100
        case 0x30...0x39: 60
        case 0x61...0x7A: 90 - (commonLetters.firstIndex(of: byte) ?? 26) * 3
        case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "\\"): 50
        default: 5
        }
    }

    private static let commonLetters = Array("etaoinsrdlcumpkghybfvwxjzq".utf8)

    @inline(__always)
    private static func lowercased(_ byte: UInt8) -> UInt8 {
        byte &- 0x41 < 26 ? byte | 0x20 : byte
    }
}

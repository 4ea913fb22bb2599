/// Base64 (RFC 4648, with the `=` at its end) of many numbers, read straight into their memory.
enum Base64 {
    /// How many bytes a text stands for; `nil` for a length that no base64 has.
    static func byteCount(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
        text.count.isMultiple(of: 4) ? text.count / 4 * 3 - paddingCount(text) : nil
    }

    /// Writes the bytes that a text stands for.
    /// - Parameter bytes: room for `byteCount(text)` bytes, all of which are written.
    /// - Returns: the place of the first character that base64 does not have; `nil` where all is well.
    static func decode(_ text: UnsafeBufferPointer<UInt8>, into bytes: UnsafeMutableRawBufferPointer) -> Int? {
        guard text.count >= 4, let input = UnsafeRawPointer(text.baseAddress), let output = bytes.baseAddress else { return nil }
        let last = text.count - 4
        let paddingCount = paddingCount(text)
        let seen = table.withUnsafeBufferPointer { table in
            var seen: UInt32 = 0
            var (at, to) = (0, 0)
            // Each store writes more than is meant: what comes behind, of which there is enough, is written over it.
            while at + 8 < last {
                let characters = UInt64(littleEndian: input.loadUnaligned(fromByteOffset: at, as: UInt64.self))
                let (first, second) = (group(UInt32(truncatingIfNeeded: characters), table), group(UInt32(characters >> 32), table))
                seen |= first | second
                output.storeBytes(of: (UInt64(first & 0xFF_FFFF) | UInt64(second) << 24).littleEndian, toByteOffset: to, as: UInt64.self)
                (at, to) = (at + 8, to + 6)
            }
            while at < last {
                let group = group(UInt32(littleEndian: input.loadUnaligned(fromByteOffset: at, as: UInt32.self)), table)
                seen |= group
                output.storeBytes(of: group.littleEndian, toByteOffset: to, as: UInt32.self)
                (at, to) = (at + 4, to + 3)
            }
            var end = UInt32(littleEndian: input.loadUnaligned(fromByteOffset: last, as: UInt32.self))
            // `A` stands for no bits.
            if paddingCount > 0 { end = end & 0x00FF_FFFF | UInt32(UInt8(ascii: "A")) << 24 }
            if paddingCount > 1 { end = end & 0xFF00_FFFF | UInt32(UInt8(ascii: "A")) << 16 }
            let group = group(end, table)
            for place in 0..<(3 - paddingCount) { bytes[to + place] = UInt8(truncatingIfNeeded: group >> (8 * UInt32(place))) }
            return seen | group
        }
        guard seen & foreign != 0 else { return nil }
        return text.dropLast(paddingCount).firstIndex { table[Int($0)] & foreign != 0 }
    }

    /// The three bytes of four characters in their order from the lowest on, and `foreign` where one is none of base64's.
    @inline(__always)
    private static func group(_ characters: UInt32, _ table: UnsafeBufferPointer<UInt32>) -> UInt32 {
        table[Int(characters & 255)] | table[256 | Int(characters >> 8 & 255)] | table[512 | Int(characters >> 16 & 255)]
            | table[768 | Int(characters >> 24)]
    }

    private static func paddingCount(_ text: UnsafeBufferPointer<UInt8>) -> Int {
        guard text.last == UInt8(ascii: "=") else { return 0 }
        return text[text.count - 2] == UInt8(ascii: "=") ? 2 : 1
    }

    private static let foreign: UInt32 = 1 << 31

    /// For each place in a group of four and each character there, its bits where they belong.
    private static let table: [UInt32] = {
        var table = [UInt32](repeating: foreign, count: 4 * 256)
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        for (character, value) in zip(alphabet.utf8, 0 as UInt32..<64) {
            table[Int(character)] = value << 2
            table[256 | Int(character)] = value >> 4 | (value & 15) << 12
            table[512 | Int(character)] = (value >> 2) << 8 | (value & 3) << 22
            table[768 | Int(character)] = value << 16
        }
        return table
    }()
}

/// Puts together characters that come in parts, and replaces what is none by U+FFFD (one for as many bytes as could have begun a
/// character, which is the practice that Unicode recommends).
struct UTF8Assembler {
    /// The beginning of a character.
    private(set) var pending: [UInt8] = []

    /// The characters that are certain now.
    mutating func append(_ bytes: [UInt8]) -> [UInt8] {
        let all = pending + bytes
        let complete = all.count - Self.unfinishedCount(at: all)
        pending = Array(all[complete...])
        return Self.repaired(all[..<complete])
    }

    /// What is left: the beginning of a character that has no end.
    mutating func finish() -> [UInt8] {
        defer { pending = [] }
        return Self.repaired(pending[...])
    }

    private static func repaired(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        Array(String(decoding: bytes, as: UTF8.self).utf8)
    }

    /// How many bytes at the end are the beginning of a character.
    static func unfinishedCount(at bytes: [UInt8]) -> Int {
        for count in 1...3 where count <= bytes.count {
            let first = bytes[bytes.count - count]
            guard first & 0xC0 != 0x80 else { continue }
            return isBeginning(bytes.suffix(count)) ? count : 0
        }
        return 0
    }

    /// Whether a leading byte and the continuation bytes behind it can become a character, and are none yet.
    private static func isBeginning(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first, let length = length(ledBy: first), bytes.count < length else { return false }
        guard bytes.count > 1 else { return true }
        let second = bytes[bytes.startIndex + 1]
        return switch first {
        case 0xE0: second >= 0xA0
        case 0xED: second < 0xA0
        case 0xF0: second >= 0x90
        case 0xF4: second < 0x90
        default: true
        }
    }

    private static func length(ledBy byte: UInt8) -> Int? {
        switch byte {
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: nil
        }
    }
}

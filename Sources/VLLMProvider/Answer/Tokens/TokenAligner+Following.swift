import ProviderKit

extension TokenAligner {
    /// Places a token that goes on in the first block where the last one ended: most do, and have nothing to wait for.
    /// - Returns: the number of the block, and where in it the token starts; `nil` where it has to be looked at more closely.
    mutating func follow(_ token: String) -> (block: Int, offset: Int)? {
        guard tokens.count == 0, case .inside(var cursor) = phase, let points = codePoints(of: token, at: cursor.byte) else { return nil }
        defer { phase = .inside(cursor) }
        let offset = cursor.codePoint
        cursor.byte += token.utf8.count
        cursor.codePoint += points
        (cursor.missed, cursor.isLoose) = (0, false)
        return (blocks[0].index, offset)
    }

    /// How many code points begin in a token, if it is what stands at a byte of the first block; `nil` also for one that begins with a
    /// broken character.
    private func codePoints(of token: String, at byte: Int) -> Int? {
        let count: Int?? = token.utf8.withContiguousStorageIfAvailable { token in
            blocks[0].text.withUnsafeBufferPointer { Self.codePoints(of: token, in: $0, at: byte) }
        }
        return count ?? nil
    }

    private static func codePoints(of token: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>, at byte: Int) -> Int? {
        guard let first = token.first, first != replacement[0], token.count <= text.count - byte else { return nil }
        var points = 0
        for index in token.indices {
            guard token[index] == text[byte &+ index] else { return nil }
            if token[index] & 0xC0 != 0x80 { points &+= 1 }
        }
        return points
    }
}

/// The letters in which the vocabularies of byte-level models spell bytes: those bytes that are printable in Latin-1 stand for themselves,
/// the others follow from U+0100 on, in their order (GPT-2). `Ġ` is the space.
public enum ByteLevelAlphabet {
    /// All bytes, in the order of their letters.
    public static let bytesInOrder: [UInt8] = (0...255).filter(isPlain) + (0...255).filter { !isPlain($0) }

    private static let firstOther: UInt32 = 0x100
    private static let others = (UInt8.min...UInt8.max).filter { !isPlain($0) }
    private static let letters: [Unicode.Scalar] = (UInt8.min...UInt8.max).map { byte in
        others.firstIndex(of: byte).flatMap { Unicode.Scalar(firstOther + UInt32($0)) } ?? Unicode.Scalar(byte)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        0x21...0x7E ~= byte || 0xA1...0xAC ~= byte || 0xAE...0xFF ~= byte
    }

    /// The letter of a byte.
    public static func letter(of byte: UInt8) -> Unicode.Scalar { letters[Int(byte)] }

    /// The bytes that a token's letters stand for; `nil` where one of them stands for none.
    public static func bytes(of token: some StringProtocol) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(token.utf8.count)
        for scalar in token.unicodeScalars {
            guard let byte = byte(of: scalar) else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    /// Bytes in letters.
    public static func text(of bytes: some Sequence<UInt8>) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: bytes.map(letter(of:)))
        return String(text)
    }

    private static func byte(of letter: Unicode.Scalar) -> UInt8? {
        if letter.value < firstOther { return isPlain(UInt8(letter.value)) ? UInt8(letter.value) : nil }
        let index = Int(letter.value - firstOther)
        return index < others.count ? others[index] : nil
    }
}

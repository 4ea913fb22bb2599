/// The alphabet in which byte-level tokenizers write bytes: printable ones as themselves, the others as U+0100 onwards.
enum ByteAlphabet {
    /// All bytes in the order of their letters.
    static let bytesInOrder: [UInt8] = (0...255).sorted { letter(of: $0).value < letter(of: $1).value }

    private static let letters: [Unicode.Scalar] = {
        var next: UInt32 = 0x100
        return (0...255).map { (byte: UInt8) in
            let isPrintable = (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || byte >= 0xAE
            if isPrintable { return Unicode.Scalar(byte) }
            defer { next += 1 }
            return Unicode.Scalar(next) ?? "?"
        }
    }()

    private static let byteOfLetter = Dictionary(uniqueKeysWithValues: letters.enumerated().map { ($1, UInt8($0)) })

    private static func letter(of byte: UInt8) -> Unicode.Scalar { letters[Int(byte)] }

    /// The bytes that a token's letters stand for.
    static func bytes(of letters: some StringProtocol) -> [UInt8] {
        letters.unicodeScalars.compactMap { byteOfLetter[$0] }
    }

    /// A token's bytes in letters.
    static func text(of bytes: [UInt8]) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: bytes.map(letter(of:)))
        return String(text)
    }
}

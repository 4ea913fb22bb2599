/// Byte-level tokens: all of them are one text, whose characters may be split over tokens.
struct ByteLevelStage: DecodingStage {
    private var text = UTF8Assembler()

    mutating func receive(_ part: TokenPart) -> [TokenPart] {
        [TokenPart(bytes: text.append(Self.bytes(of: part.bytes)), endsToken: false)]
    }

    mutating func finish() -> [TokenPart] {
        [TokenPart(bytes: text.finish(), endsToken: true)]
    }

    /// The bytes that a token stands for. One that is not in the alphabet, such as `<｜User｜>`, stands for itself.
    static func bytes(of token: [UInt8]) -> [UInt8] {
        ByteLevelAlphabet.bytes(of: String(decoding: token, as: UTF8.self)) ?? token
    }
}

/// What a server's word for a token tells of the token: its bytes, or its id.
struct TokenBytes {
    /// What tokens are called where `return_tokens_as_token_ids` asks for ids.
    static let namePrefix = "token_id:"

    /// The first bytes of `namePrefix` and of U+FFFD.
    private static var nameStart: UInt8 { UInt8(ascii: "t") }
    private static var replacementStart: UInt8 { 0xEF }

    /// The id in a token's name; `nil` for a token that goes by its text.
    let id: Int?
    /// The token's bytes; `nil` where they cannot be known. vLLM gives those of the text that it shows: of a broken character they are
    /// U+FFFD's, and of an alternative that goes by its id, the name's (vLLM 0.32).
    let known: [UInt8]?

    /// - Parameter told: the bytes that the server tells beside the token.
    init(_ token: String, told: [UInt8]?) {
        // Most tokens: the server tells the bytes, and nothing is broken.
        if let told, !told.contains(Self.replacementStart), token.utf8.first != Self.nameStart {
            (id, known) = (nil, told)
            return
        }
        id = Self.id(token)
        known = (id == nil ? told ?? Array(token.utf8) : Self.bytes(told, named: token)).flatMap { Self.hasBrokenCharacter($0) ? nil : $0 }
    }

    /// The bytes that a token adds to what the model said; none where that is not known.
    /// - Parameters: as of `init`.
    static func text(_ token: String, told: [UInt8]?) -> [UInt8] {
        id(token) == nil ? Array(token.utf8) : bytes(told, named: token) ?? []
    }

    /// The bytes of a token that goes by its id; `nil` where those that the server tells are the name's.
    private static func bytes(_ told: [UInt8]?, named token: String) -> [UInt8]? {
        told.flatMap { token.utf8.elementsEqual($0) ? nil : $0 }
    }

    private static func id(_ token: String) -> Int? {
        guard token.utf8.first == nameStart, token.hasPrefix(namePrefix) else { return nil }
        return Int(token.dropFirst(namePrefix.count))
    }

    private static func hasBrokenCharacter(_ bytes: [UInt8]) -> Bool {
        bytes.contains(replacementStart) && TokenAligner.firstRange(of: TokenAligner.replacement, in: bytes[...]) != nil
    }
}

/// What a server's word for a token tells of the token: its bytes, or its id.
struct TokenBytes {
    /// What tokens are called where `return_tokens_as_token_ids` asks for ids.
    static let namePrefix = "token_id:"

    /// The id in a token's name; `nil` for a token that goes by its text.
    let id: Int?
    /// The token's bytes; `nil` where they cannot be known. vLLM gives those of the text that it shows: of a broken character they are
    /// U+FFFD's, and of an alternative that goes by its id, the name's (vLLM 0.32).
    let known: [UInt8]?
    /// The bytes that the token adds to what the model said; none where that is not known.
    let text: [UInt8]

    /// - Parameter told: the bytes that the server tells beside the token.
    init(_ token: String, told: [UInt8]?) {
        id = Self.id(token)
        // Most servers tell the text's own bytes: then there is nothing to be made anew.
        let toldText = told.flatMap { Self.isText($0, of: token) ? $0 : nil }
        let said = id == nil ? toldText ?? Array(token.utf8) : nil
        text = said ?? (toldText == nil ? told ?? [] : [])
        known = (toldText == nil ? told ?? said : said).flatMap { Self.hasBrokenCharacter($0) ? nil : $0 }
    }

    private static func id(_ token: String) -> Int? {
        guard token.utf8.first == namePrefix.utf8.first, token.hasPrefix(namePrefix) else { return nil }
        return Int(token.dropFirst(namePrefix.count))
    }

    private static func isText(_ bytes: [UInt8], of token: String) -> Bool {
        var token = token
        return bytes.count == token.utf8.count && token.withUTF8 { $0.elementsEqual(bytes) }
    }

    private static func hasBrokenCharacter(_ bytes: [UInt8]) -> Bool {
        TokenAligner.firstRange(of: TokenAligner.replacement, in: bytes[...]) != nil
    }
}

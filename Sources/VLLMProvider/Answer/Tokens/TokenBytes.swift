/// The bytes of tokens, as far as a server's words for them tell.
enum TokenBytes {
    /// What tokens are called where `return_tokens_as_token_ids` asks for ids.
    static let namePrefix = "token_id:"

    /// The id in a token's name; `nil` for a token that goes by its text.
    static func id(_ token: String) -> Int? {
        guard token.hasPrefix(namePrefix) else { return nil }
        return Int(token.dropFirst(namePrefix.count))
    }

    /// A token's bytes; `nil` where they cannot be known. vLLM gives those of the text that it shows: of a broken character they are
    /// U+FFFD's, and of an alternative that goes by its id, the name's (vLLM 0.32).
    static func known(_ token: String, told: [UInt8]?) -> [UInt8]? {
        let text = Array(token.utf8)
        if let told, told != text { return said(told) }
        return id(token) == nil ? said(text) : nil
    }

    /// The bytes that a token adds to what the model said; none where that is not known.
    static func text(_ token: String, told: [UInt8]?) -> [UInt8] {
        let text = Array(token.utf8)
        guard id(token) != nil else { return text }
        return told == text ? [] : told ?? []
    }

    private static func said(_ bytes: [UInt8]) -> [UInt8]? {
        TokenAligner.firstRange(of: TokenAligner.replacement, in: bytes[...]) == nil ? bytes : nil
    }
}

import ToldTokens

extension ToldToken {
    /// What tokens are called where `return_tokens_as_token_ids` asks for ids.
    static let namePrefix = "token_id:"

    /// The id that the token goes by; `nil` for a token that goes by its text.
    var idInName: Int? {
        guard text.utf8.first == UInt8(ascii: "t"), text.hasPrefix(Self.namePrefix) else { return nil }
        return Int(text.dropFirst(Self.namePrefix.count))
    }

    /// Whether the provider tells the token as the server does. Most are so: the server tells their bytes, and nothing is broken.
    var isResolved: Bool { hasBytesOfText && idInName == nil }

    /// The token as the provider tells it: with the id that it goes by, and with bytes where they can be known. vLLM gives those of the text
    /// that it shows: of a broken character they are U+FFFD's, and of an alternative that goes by its id, the name's (vLLM 0.32).
    var resolved: ToldToken {
        let id = idInName
        if hasBytesOfText, id == nil { return self }
        let known = id == nil ? bytes ?? Array(text.utf8) : bytesBesideName
        return ToldToken(text, bytes: known.flatMap { Self.hasBrokenCharacter($0) ? nil : $0 }, tokenID: id)
    }

    /// The bytes that the token adds to what the model said; none where that is not known.
    var said: [UInt8] { idInName == nil ? Array(text.utf8) : bytesBesideName ?? [] }

    /// The bytes of a token that goes by its id; `nil` where those that the server tells are the name's.
    private var bytesBesideName: [UInt8]? {
        if hasBytesOfText { return nil }
        return bytes.flatMap { text.utf8.elementsEqual($0) ? nil : $0 }
    }
}

/// Makes text of tokens as they come: a character split over tokens is held back until all of it is there.
struct TokenTexts {
    private var pending: [UInt8] = []

    /// The text that a token completes: all that is held back with it, or nothing while that ends inside a character.
    mutating func text(of bytes: [UInt8]) -> String {
        pending += bytes
        let text = String(decoding: pending, as: UTF8.self)
        guard !text.unicodeScalars.reversed().starts(with: ["\u{FFFD}"]) else { return "" }
        pending = []
        return text
    }
}

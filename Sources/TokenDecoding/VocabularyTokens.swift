/// The tokens of a vocabulary while it is being read.
struct VocabularyTokens {
    /// By id.
    private(set) var texts: [String?] = []
    /// The spellings of special tokens. A token is special by its spelling, whichever id it has (`tokenizers` 0.23).
    var special: Set<String> = []

    /// Higher ids are refused: memory is taken for all ids below. The largest vocabularies have about a quarter of a million tokens.
    private static let maxID = 1 << 22

    /// Adds a token of the model's own vocabulary, where every id has one token.
    /// - Parameter field: where it was found.
    mutating func add(_ text: String, id: Int, at field: TokenizerField) throws(TokenDecoderError) {
        try makeRoom(for: text, id, at: field)
        if let other = texts[id] {
            throw field.error("the id \(id) belongs to two tokens, \(other.debugDescription) and \(text.debugDescription)")
        }
        texts[id] = text
    }

    /// Adds a token that came later and stands over what the model's own vocabulary has with this id.
    /// - Parameter field: where it was found.
    mutating func replace(_ text: String, id: Int, at field: TokenizerField) throws(TokenDecoderError) {
        try makeRoom(for: text, id, at: field)
        texts[id] = text
    }

    mutating func reserveCapacity(_ count: Int) {
        texts.reserveCapacity(min(count, Self.maxID))
    }

    private mutating func makeRoom(for text: String, _ id: Int, at field: TokenizerField) throws(TokenDecoderError) {
        guard id >= 0, id <= Self.maxID else {
            throw field.error("the token \(text.debugDescription) has the id \(id), but ids go from 0 to \(Self.maxID)")
        }
        while texts.count <= id { texts.append(nil) }
    }
}

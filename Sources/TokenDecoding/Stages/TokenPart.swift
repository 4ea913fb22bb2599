/// A token, or a part of one: some decoders see all tokens as one, of which no end is known until the last has come.
///
/// The bytes are whole characters, but for those of a token of the vocabulary.
struct TokenPart: Equatable {
    var bytes: [UInt8]
    var endsToken: Bool
}

import ProviderKit

/// What makes a token of one answer the same as one of another: its bytes, where they are told, else its text. Not its id: servers tell ids
/// for some tokens only, and another model has others.
struct TokenIdentity: Hashable {
    private let bytes: [UInt8]

    init(_ token: TokenLogprob) {
        bytes = token.bytes ?? Array(token.token.utf8)
    }

    init(_ token: TokenLogprob.Alternative) {
        bytes = token.bytes ?? Array(token.token.utf8)
    }

    /// How many tokens two answers have in common before they part.
    static func countOfSame(_ old: [TokenLogprob], _ new: [TokenLogprob]) -> Int {
        zip(old, new).prefix { TokenIdentity($0) == TokenIdentity($1) }.count
    }
}

/// Tokens in order, from which the first ones are taken at no cost for those that stay.
struct TokenQueue {
    private var tokens: [TokenAligner.Token] = []
    private var start = 0

    var count: Int { tokens.count - start }

    subscript(position: Int) -> TokenAligner.Token {
        get { tokens[start + position] }
        set { tokens[start + position] = newValue }
    }

    /// The text of a token, which is asked for more often than the rest.
    func text(at position: Int) -> [UInt8] { tokens[start + position].text }

    mutating func append(_ token: TokenAligner.Token) { tokens.append(token) }

    mutating func removeFirst(_ count: Int) {
        start += count
        // Moved together when that is less than what was taken.
        guard start > tokens.count / 2 else { return }
        tokens.removeFirst(start)
        start = 0
    }
}

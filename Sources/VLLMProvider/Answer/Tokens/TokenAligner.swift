import ProviderKit

/// Finds where the tokens of one choice stand in the texts of its blocks.
///
/// It does no I/O and takes tokens and texts in any interleaving: a token is given out as soon as its place is certain, and the places
/// depend on the tokens and the texts alone, so that they are the same streamed and not. The tokens' texts in a row are what the model
/// said; the blocks' texts are pieces of it, with markup and blank lines between them. So the aligner is either inside of a block and
/// walks along it, or between two of them and seeks the beginning of the next.
struct TokenAligner {
    struct Token {
        var value: TokenLogprob
        /// What the token adds to what the model said; empty where that is not known.
        var text: [UInt8]
    }

    struct Block {
        let index: Int
        /// The name of the tool that the block calls; `nil` for text and reasoning.
        let tool: [UInt8]?
        var text: [UInt8] = []
        var isComplete = false
    }

    enum Phase {
        case between
        case inside(Cursor)
    }

    /// A place in a block's text.
    struct Cursor {
        var byte = 0
        var codePoint = 0
        /// How many tokens in a row were not found in the text.
        var missed = 0
        /// The last token ended with a broken character, so that the text has more than the tokens say.
        var isLoose = false
    }

    /// The tokens that are not given out yet.
    var tokens = TokenQueue()
    /// The first one that has not been looked at; those before it wait to learn where they belong.
    var next = 0
    /// The blocks that are not passed yet.
    var blocks: [Block] = []
    var phase = Phase.between
    var gap = TokenGap()
    /// Whether no tokens and no texts are to come.
    var isOver = false

    /// Takes one more token in.
    mutating func add(_ token: Token) {
        isOver = false
        tokens.append(token)
    }

    /// A block begins.
    mutating func begin(_ block: Block) {
        isOver = false
        blocks.append(block)
    }

    /// The last block goes on.
    mutating func append(_ text: String) {
        guard !blocks.isEmpty else { return }
        let last = blocks.count - 1
        guard text.utf8.withContiguousStorageIfAvailable({ blocks[last].text.append(contentsOf: $0) }) == nil else { return }
        blocks[last].text += text.utf8
    }

    /// The last block is complete.
    mutating func end() {
        guard !blocks.isEmpty else { return }
        blocks[blocks.count - 1].isComplete = true
    }

    /// Gives out the tokens whose places are certain by now; all of them, when the choice is over.
    mutating func take(isOver: Bool, to placed: inout [TokenLogprob]) {
        if isOver {
            self.isOver = true
            for index in blocks.indices { blocks[index].isComplete = true }
        }
        guard isOver || tokens.count > 0 else { return }
        while advance(&placed) {}
    }

    private mutating func advance(_ placed: inout [TokenLogprob]) -> Bool {
        switch phase {
        case .between: seek(&placed)
        case .inside(var cursor): walk(&cursor, &placed)
        }
    }

    /// Gives out the first `count` tokens as part of no block.
    mutating func drop(_ count: Int, _ placed: inout [TokenLogprob]) {
        for position in 0..<count { placed.append(tokens[position].value) }
        remove(count)
    }

    /// Forgets the first `count` tokens, which were given out.
    mutating func remove(_ count: Int) {
        tokens.removeFirst(count)
        next = max(0, next - count)
    }

    /// The first block is passed: the tokens that are left are looked at again, for the next one.
    mutating func leaveBlock() {
        blocks.removeFirst()
        phase = .between
        gap = TokenGap()
        next = 0
    }
}

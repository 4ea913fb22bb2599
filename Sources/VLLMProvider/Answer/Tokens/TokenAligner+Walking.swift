import ProviderKit

extension TokenAligner {
    private enum Match {
        /// The token is the bytes from here on, so many of them.
        case found(Int, count: Int)
        /// The text has to grow first.
        case undecided
        case missing
        /// The block ends before the token.
        case beyond
    }

    /// So many tokens in a row may be no part of the text, as special tokens that the server left out.
    private static let missedLimit = 8
    /// How far a token without its beginning may stand from the last one, in bytes for each token in between.
    private static let looseReach = 64
    /// U+FFFD, which stands for a broken character.
    static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

    /// Places the next token in the first block; returns whether there was anything to do.
    mutating func walk(_ cursor: inout Cursor, _ placed: inout [TokenLogprob]) -> Bool {
        defer { if case .inside = phase { phase = .inside(cursor) } }
        // Empty tokens are parts of characters: they belong to what comes next.
        while next < tokens.count, tokens.text(at: next).isEmpty { next += 1 }
        guard next < tokens.count else {
            guard isOver else { return false }
            return finishBlock(cursor, &placed)
        }
        switch match(tokens.text(at: next), cursor) {
        case .found(let start, let count):
            place(from: start, count: count, &cursor, &placed)
        case .undecided:
            return false
        case .missing:
            cursor.missed += 1
            next += 1
            if cursor.missed > Self.missedLimit { leaveBlock() }
        case .beyond:
            leaveBlock()
        }
        return true
    }

    private func match(_ token: [UInt8], _ cursor: Cursor) -> Match {
        let block = blocks[0]
        let rest = block.text[cursor.byte...]
        if rest.starts(with: token.prefix(rest.count)) {
            if token.count <= rest.count { return .found(cursor.byte, count: token.count) }
            if !block.isComplete { return .undecided }
            return rest.isEmpty ? .beyond : .found(cursor.byte, count: rest.count)
        }
        let core = Self.core(token)
        guard cursor.isLoose || core.count < token.count || next > 0 else { return .missing }
        if core.isEmpty { return .found(cursor.byte, count: 0) }
        let reach = Self.looseReach * (next + 1)
        if let start = Self.firstRange(of: core, in: rest.prefix(reach)) {
            let first = core.count < token.count ? cursor.byte : start
            return .found(first, count: start + core.count - first)
        }
        return rest.count < reach && !block.isComplete ? .undecided : .missing
    }

    /// Gives out the tokens up to the next one, whose place is known.
    private mutating func place(from start: Int, count: Int, _ cursor: inout Cursor, _ placed: inout [TokenLogprob]) {
        let text = blocks[0].text
        let waiting = cursor.codePoint
        cursor.codePoint += Self.codePoints(text[cursor.byte..<start])
        for position in 0...next {
            var value = tokens[position].value
            if position == next {
                (value.blockIndex, value.textOffset) = (blocks[0].index, cursor.codePoint)
            } else if tokens.text(at: position).isEmpty {
                (value.blockIndex, value.textOffset) = (blocks[0].index, waiting)
            }
            placed.append(value)
        }
        cursor.codePoint += Self.codePoints(text[start..<start + count])
        cursor.byte = start + count
        cursor.missed = 0
        cursor.isLoose = Self.core(tokens.text(at: next)).isEmpty
        remove(next + 1)
    }

    /// There are no more tokens. Of those that were held back, parts of characters belong to the block, if it was not lost; where others were
    /// missed, they are looked for in the blocks behind it.
    private mutating func finishBlock(_ cursor: Cursor, _ placed: inout [TokenLogprob]) -> Bool {
        if cursor.missed > 0, blocks.count > 1 {
            leaveBlock()
            return true
        }
        for index in 0..<tokens.count where tokens.text(at: index).isEmpty && cursor.missed == 0 {
            (tokens[index].value.blockIndex, tokens[index].value.textOffset) = (blocks[0].index, cursor.codePoint)
        }
        drop(tokens.count, &placed)
        return false
    }

    /// A token without the broken characters that it begins with.
    static func core(_ token: [UInt8]) -> ArraySlice<UInt8> {
        var core = token[...]
        while core.starts(with: replacement) { core = core.dropFirst(replacement.count) }
        return core
    }

    /// Where `pattern` begins first.
    static func firstRange(of pattern: some Collection<UInt8>, in text: ArraySlice<UInt8>) -> Int? {
        guard let first = pattern.first else { return text.startIndex }
        return text.indices.first { text[$0] == first && text[$0...].starts(with: pattern) }
    }

    /// How many code points begin in some UTF-8.
    static func codePoints(_ text: ArraySlice<UInt8>) -> Int {
        text.reduce(0) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 }
    }
}

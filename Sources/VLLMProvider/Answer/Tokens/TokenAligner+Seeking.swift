import ProviderKit

extension TokenAligner {
    /// So many bytes of a block are compared to find its beginning; fewer only where it has fewer.
    private static let beginningLength = 16

    /// Looks for the beginning of the next block in what the model said behind the last one; returns whether there was anything to do.
    mutating func seek(_ placed: inout [TokenLogprob]) -> Bool {
        guard let block = blocks.first else {
            if isOver { drop(tokens.count, &placed) }
            return false
        }
        if block.isComplete, block.text.isEmpty {
            leaveBlock()
            return true
        }
        guard block.isComplete || block.text.count >= Self.beginningLength else { return false }
        while gap.starts.count < tokens.count { gap.append(tokens.text(at: gap.starts.count)) }
        if let start = beginning(of: block) {
            enter(at: start, &placed)
            return true
        }
        guard isOver else { return false }
        if let start = lastResort(block) {
            enter(at: start, &placed)
        } else {
            leaveBlock()
        }
        return true
    }

    /// The first byte of the gap at which the block can begin, as far as is known.
    private mutating func beginning(of block: Block) -> Int? {
        if let tool = block.tool, gap.searched == 0, !tool.isEmpty {
            // A call's arguments come behind its name.
            guard let name = Self.firstRange(of: tool, in: gap.text[...]) else { return nil }
            gap.searched = name + tool.count
        }
        let beginning = block.text.prefix(Self.beginningLength)
        while gap.searched < gap.text.count {
            if block.tool != nil || gap.mayBegin(at: gap.searched) {
                let rest = gap.text[gap.searched...]
                let common = zip(beginning, rest).prefix { $0 == $1 }.count
                // From a broken character on, what the tokens say is less than the text.
                if common == beginning.count || rest.dropFirst(common).starts(with: Self.replacement) { return gap.searched }
                // With too few bytes to compare, more tokens have to come.
                if common == rest.count { return nil }
            }
            gap.searched += 1
        }
        return nil
    }

    /// Where a block begins whose beginning is not told by the tokens as it is: where a token, and the more the better, agrees with it.
    ///
    /// Of a block that begins with text which is not the model's, as an echoed message, it is where the model's part begins.
    private mutating func lastResort(_ block: Block) -> Int? {
        let text = block.text[...]
        var best: (count: Int, gap: Int, block: Int)?
        func consider(_ place: Int, _ blockPlace: Int) {
            let said = gap.text[place...].prefix(Self.beginningLength)
            let common = zip(said, text[blockPlace...]).prefix { $0 == $1 }.count
            let needed = min(gap.end(ofTokenAt: place) - place, Self.beginningLength, text.count)
            guard common >= needed, common > best?.count ?? 0, !TokenGap.isBlank(said.prefix(common)) else { return }
            best = (common, place, blockPlace)
        }
        for place in gap.text.indices where block.tool != nil || gap.mayBegin(at: place) { consider(place, 0) }
        if best == nil, block.tool == nil, !gap.text.isEmpty {
            for place in text.indices { consider(0, place) }
        }
        guard let best else { return nil }
        phase = .inside(Cursor(byte: best.block, codePoint: Self.codePoints(text[..<best.block])))
        return best.gap
    }

    /// Goes over into the first block, which begins at a byte of the gap.
    private mutating func enter(at start: Int, _ placed: inout [TokenLogprob]) {
        var first = gap.token(at: start)
        tokens[first].text.removeFirst(start - gap.starts[first])
        // Empty tokens before it are parts of its first character.
        while first > 0, tokens.text(at: first - 1).isEmpty { first -= 1 }
        drop(first, &placed)
        next = 0
        if case .between = phase { phase = .inside(Cursor()) }
    }
}

extension PatternParser {
    /// Reads what stands behind a backslash outside brackets.
    mutating func readEscape() throws(Unsupported) -> PatternExpression {
        if skip("b") { return .place(.wordBoundary) }
        if skip("B") { return .place(.noWordBoundary) }
        return .character(try readEscapedSet(isNegated: false))
    }

    /// Reads a set of characters, whose opening bracket has been read.
    mutating func readSet() throws(Unsupported) -> ScalarSet {
        let isNegated = skip("^")
        // An empty set, or one with a bracket in it: the dialects differ.
        guard current != "]" else { throw Unsupported() }
        var set = ScalarSet.none
        while !skip("]") {
            // Operations on sets in Rust's syntax.
            guard !isAt("[:"), !isAt("&&"), !isAt("--"), !isAt("~~") else { throw Unsupported() }
            set = set.union(try readRange(isNegated: isNegated))
        }
        return isNegated ? set.inverted : set
    }

    private mutating func readRange(isNegated: Bool) throws(Unsupported) -> ScalarSet {
        let first = try readMember(isNegated: isNegated)
        guard current == "-", !isAt("-]") else { return first }
        _ = try take()
        let last = try readMember(isNegated: isNegated)
        guard let low = first.only, let high = last.only, low <= high else { throw Unsupported() }
        return ScalarSet([low...high])
    }

    private mutating func readMember(isNegated: Bool) throws(Unsupported) -> ScalarSet {
        let scalar = try take()
        guard scalar == "\\" else { return ScalarSet(scalar) }
        return skip("b") ? ScalarSet("\u{8}") : try readEscapedSet(isNegated: isNegated)
    }

    /// Reads what stands behind a backslash. Where the dialects differ in what white space is, the reading that matches more counts,
    /// so that no right text is called wrong.
    private mutating func readEscapedSet(isNegated: Bool) throws(Unsupported) -> ScalarSet {
        let scalar = try take()
        switch scalar {
        case "d": return .digits
        case "D": return ScalarSet.digits.inverted
        case "w": return .word
        case "W": return ScalarSet.word.inverted
        case "s": return isNegated ? .narrowSpace : .wideSpace
        case "S": return isNegated ? ScalarSet.wideSpace.inverted : ScalarSet.narrowSpace.inverted
        case "t": return ScalarSet("\t")
        case "n": return ScalarSet("\n")
        case "v": return ScalarSet("\u{B}")
        case "f": return ScalarSet("\u{C}")
        case "r": return ScalarSet("\r")
        case "x": return skip("{") ? try readBracedCode() : try readCode(digits: 2)
        case "u": return skip("{") ? try readBracedCode() : try readCode(digits: 4)
        case "U": return try readCode(digits: 8)
        // Another letter or digit is a property, a reference to a group, an anchor in one dialect and itself in the other.
        case "a"..."z", "A"..."Z", "0"..."9": throw Unsupported()
        default: return ScalarSet(scalar)
        }
    }

    private mutating func readCode(digits: Int) throws(Unsupported) -> ScalarSet {
        var value: UInt32 = 0
        for _ in 0..<digits { value = value << 4 | (try readDigit()) }
        return try set(ofCode: value)
    }

    private mutating func readBracedCode() throws(Unsupported) -> ScalarSet {
        var value = try readDigit()
        while !skip("}") {
            guard value <= 0x10FFFF else { throw Unsupported() }
            value = value << 4 | (try readDigit())
        }
        return try set(ofCode: value)
    }

    private mutating func readDigit() throws(Unsupported) -> UInt32 {
        guard let digit = Character(try take()).hexDigitValue else { throw Unsupported() }
        return UInt32(digit)
    }

    private func set(ofCode value: UInt32) throws(Unsupported) -> ScalarSet {
        guard let scalar = Unicode.Scalar(value) else { throw Unsupported() }
        return ScalarSet(scalar)
    }
}

extension ScalarSet {
    /// The value of the only scalar in it; `nil` where there are more or none.
    fileprivate var only: UInt32? {
        guard ranges.count == 1, ranges[0].count == 1 else { return nil }
        return ranges[0].lowerBound
    }
}

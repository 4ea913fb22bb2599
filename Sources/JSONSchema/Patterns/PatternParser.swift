/// Reads a regular expression in the syntax that ECMA-262, Python and Rust have in common.
///
/// What they read differently, and what no automaton can do (a look-around, a reference to a group), is `Unsupported`.
struct PatternParser {
    struct Unsupported: Error {}

    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var depth = 0

    /// Deeper groups are not read: reading one recurses.
    private static let maxDepth = 100
    /// A count beyond this is not read: a counted expression is written out so many times.
    private static let maxCount = 10_000

    private init(_ text: String) {
        scalars = Array(text.unicodeScalars)
    }

    static func parse(_ text: String) throws(Unsupported) -> PatternExpression {
        var parser = PatternParser(text)
        let expression = try parser.readAlternatives()
        guard parser.current == nil else { throw Unsupported() }
        return expression
    }

    private mutating func readAlternatives() throws(Unsupported) -> PatternExpression {
        var alternatives = [try readSequence()]
        while skip("|") { alternatives.append(try readSequence()) }
        return alternatives.count == 1 ? alternatives[0] : .alternatives(alternatives)
    }

    private mutating func readSequence() throws(Unsupported) -> PatternExpression {
        var parts: [PatternExpression] = []
        while let scalar = current, scalar != "|", scalar != ")" {
            parts.append(try readRepetition(of: try readOne()))
        }
        return .sequence(parts)
    }

    private mutating func readOne() throws(Unsupported) -> PatternExpression {
        let scalar = try take()
        switch scalar {
        case "(": return try readGroup()
        case "[": return .character(try readSet())
        // Servers' automata let a dot be a line break, too.
        case ".": return .character(.all)
        case "^": return .place(.start)
        case "$": return .place(.end)
        case "\\": return try readEscape()
        case "*", "+", "?", "{": throw Unsupported()
        default: return .character(ScalarSet(scalar))
        }
    }

    private mutating func readGroup() throws(Unsupported) -> PatternExpression {
        if skip("?") {
            if skip("P"), current != "<" { throw Unsupported() }
            if skip("<") {
                try readGroupName()
            } else if !skip(":") {
                throw Unsupported()
            }
        }
        depth += 1
        guard depth <= Self.maxDepth else { throw Unsupported() }
        let expression = try readAlternatives()
        depth -= 1
        guard skip(")") else { throw Unsupported() }
        return expression
    }

    private mutating func readGroupName() throws(Unsupported) {
        let start = position
        while let scalar = current, scalar.properties.isAlphabetic || scalar == "_" || ("0"..."9").contains(scalar) { position += 1 }
        guard position > start, skip(">") else { throw Unsupported() }
    }

    private mutating func readRepetition(of expression: PatternExpression) throws(Unsupported) -> PatternExpression {
        let count: (minimum: Int, maximum: Int?)
        switch current {
        case "*": count = (0, nil)
        case "+": count = (1, nil)
        case "?": count = (0, 1)
        case "{":
            position += 1
            count = try readCount()
            position -= 1
        default: return expression
        }
        position += 1
        // A lazy one finds the same texts. A second repetition behind it is possessive, or an error.
        _ = skip("?")
        guard current != "*", current != "+", current != "?", current != "{" else { throw Unsupported() }
        return .repeated(expression, minimum: count.minimum, maximum: count.maximum)
    }

    /// Reads `3`, `3,` or `3,5` up to the brace behind it, and the brace.
    private mutating func readCount() throws(Unsupported) -> (Int, Int?) {
        let minimum = try readNumber()
        var maximum: Int? = minimum
        if skip(",") { maximum = current == "}" ? nil : try readNumber() }
        guard skip("}"), maximum ?? minimum >= minimum else { throw Unsupported() }
        return (minimum, maximum)
    }

    private mutating func readNumber() throws(Unsupported) -> Int {
        let start = position
        while let scalar = current, ("0"..."9").contains(scalar) { position += 1 }
        guard let number = Int(String(String.UnicodeScalarView(scalars[start..<position]))), number <= Self.maxCount else {
            throw Unsupported()
        }
        return number
    }
}

extension PatternParser {
    var current: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    mutating func take() throws(Unsupported) -> Unicode.Scalar {
        guard let scalar = current else { throw Unsupported() }
        position += 1
        return scalar
    }

    mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
        guard current == scalar else { return false }
        position += 1
        return true
    }

    /// Whether the scalars at the position are these.
    func isAt(_ text: String) -> Bool {
        scalars[position...].starts(with: text.unicodeScalars)
    }
}

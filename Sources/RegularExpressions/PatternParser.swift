/// Reads a pattern into a tree.
struct PatternParser {
    /// Groups in groups, at most.
    private static let maximumDepth = 100

    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var depth = 0

    init(_ pattern: String) {
        scalars = Array(pattern.unicodeScalars)
    }

    mutating func parse() throws(RegularExpressionError) -> Node {
        let node = try alternation()
        guard position == scalars.count else { throw error("a `)` without its `(`") }
        return node
    }

    private mutating func alternation() throws(RegularExpressionError) -> Node {
        var branches = [try sequence()]
        while take("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .alternation(branches)
    }

    private mutating func sequence() throws(RegularExpressionError) -> Node {
        var nodes: [Node] = []
        while let scalar = next, scalar != "|", scalar != ")" { nodes.append(try repetition()) }
        return nodes.isEmpty ? .empty : nodes.count == 1 ? nodes[0] : .sequence(nodes)
    }

    private mutating func repetition() throws(RegularExpressionError) -> Node {
        var node = try atom()
        while let (minimum, maximum) = try quantifier() {
            _ = take("?")
            node = .repetition(node, minimum: minimum, maximum: maximum)
        }
        return node
    }

    private mutating func quantifier() throws(RegularExpressionError) -> (Int, Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        // A brace that is no number of times is a brace: patterns for JSON have many.
        guard next == "{", let end = scalars[position...].firstIndex(of: "}") else { return nil }
        let parts = String(String.UnicodeScalarView(scalars[position + 1..<end])).split(separator: ",", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }), !parts[0].isEmpty
        else {
            return nil
        }
        guard let minimum = Int(parts[0]), minimum <= 1000 else { throw error("more than 1000 times") }
        var maximum: Int? = minimum
        if parts.count == 2 { maximum = parts[1].isEmpty ? nil : Int(parts[1]) ?? Int.max }
        guard maximum ?? minimum <= 1000 else { throw error("more than 1000 times") }
        guard maximum ?? minimum >= minimum else { throw error("at least \(minimum) and at most \(maximum ?? 0) times") }
        position = end + 1
        return (minimum, maximum)
    }

    private mutating func atom() throws(RegularExpressionError) -> Node {
        guard let scalar = next else { return .empty }
        switch scalar {
        case "(": return try group()
        case "*", "+", "?": throw error("nothing in front of `\(scalar)` that it could repeat")
        default: break
        }
        position += 1
        switch scalar {
        case "[": return .set(try set())
        case ".": return .set(.allButLineFeed)
        case "^": return .assertion(.start)
        case "$": return .assertion(.end)
        case "\\": return try escape()
        default: return .literal(scalar)
        }
    }

    private mutating func group() throws(RegularExpressionError) -> Node {
        let start = position
        position += 1
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw error("more than \(Self.maximumDepth) groups in each other") }
        if take("?"), !take(":") { throw error("a group that begins with `(?` other than `(?:` is not known here") }
        let node = try alternation()
        guard take(")") else {
            position = start
            throw error("a `(` without its `)`")
        }
        return node
    }

    private mutating func escape() throws(RegularExpressionError) -> Node {
        guard let scalar = next else { throw error("a `\\` at the end") }
        if let set = Self.classes[scalar] {
            position += 1
            return .set(set)
        }
        switch scalar {
        case "b":
            position += 1
            return .assertion(.wordBoundary)
        case "B":
            position += 1
            return .assertion(.noWordBoundary)
        default: return .literal(try escapedScalar())
        }
    }

    private static let classes: [Unicode.Scalar: ScalarSet] = [
        "d": .digits, "w": .wordCharacters, "s": .spaces, "D": ScalarSet.digits.inverted, "W": ScalarSet.wordCharacters.inverted,
        "S": ScalarSet.spaces.inverted,
    ]

    /// The scalar that is meant by what stands behind a `\`.
    private mutating func escapedScalar() throws(RegularExpressionError) -> Unicode.Scalar {
        guard let scalar = next else { throw error("a `\\` at the end") }
        let known: [Unicode.Scalar: Unicode.Scalar] = ["n": "\n", "t": "\t", "r": "\r", "f": "\u{0C}", "v": "\u{0B}", "0": "\0"]
        if scalar.isASCII, scalar.properties.isAlphabetic || ("0"..."9").contains(scalar), known[scalar] == nil {
            throw error("`\\\(scalar)` is not known here")
        }
        position += 1
        return known[scalar] ?? scalar
    }

    private mutating func set() throws(RegularExpressionError) -> ScalarSet {
        let start = position - 1
        let isInverted = take("^")
        var ranges: [ClosedRange<UInt32>] = []
        var isFirst = true
        while let scalar = next, scalar != "]" || isFirst {
            isFirst = false
            position += 1
            if scalar == "\\", let next, let named = Self.classes[next] {
                position += 1
                ranges += named.ranges
                continue
            }
            let low = scalar == "\\" ? try escapedScalar() : scalar
            guard next == "-", position + 1 < scalars.count, scalars[position + 1] != "]" else {
                ranges.append(low.value...low.value)
                continue
            }
            position += 1
            let high = try rangeEnd()
            guard low.value <= high.value else { throw error("the range \(low)-\(high) runs backwards") }
            ranges.append(low.value...high.value)
        }
        guard take("]") else {
            position = start
            throw error("a `[` without its `]`")
        }
        let set = ScalarSet(ranges)
        return isInverted ? set.inverted : set
    }

    private mutating func rangeEnd() throws(RegularExpressionError) -> Unicode.Scalar {
        if take("\\") { return try escapedScalar() }
        position += 1
        return scalars[position - 1]
    }

    private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        position += 1
        return true
    }

    private func error(_ message: String) -> RegularExpressionError {
        RegularExpressionError(message: message, position: position + 1)
    }
}

/// Text with references to environment variables in it: `${VAR}`, `${VAR:default}`, `${VAR:-default}`. `$${` stands for `${`.
struct EnvironmentTemplate {
    /// A part of the text.
    enum Piece: Equatable {
        case literal(String)
        case variable(name: String, default: String?)
    }

    /// Why a text is not such a template.
    struct Malformed: Error, Equatable {
        var message: String
        var hint: String
    }

    /// The parts in order.
    let pieces: [Piece]

    /// Takes a text apart.
    init(parsing text: String) throws(Malformed) {
        var pieces: [Piece] = []
        var literal = ""
        var rest = text[...]
        while let dollar = rest.firstIndex(of: "$") {
            literal += rest[..<dollar]
            rest = rest[dollar...]
            if rest.hasPrefix("$${") {
                literal += "${"
                rest = rest.dropFirst(3)
            } else if rest.hasPrefix("${") {
                if !literal.isEmpty { pieces.append(.literal(literal)) }
                literal = ""
                pieces.append(try Self.variable(&rest))
            } else {
                literal += "$"
                rest = rest.dropFirst()
            }
        }
        literal += rest
        if !literal.isEmpty { pieces.append(.literal(literal)) }
        self.pieces = pieces
    }

    private static func variable(_ rest: inout Substring) throws(Malformed) -> Piece {
        guard let end = rest.firstIndex(of: "}") else {
            throw Malformed(
                message: "the '}' of \(String(rest).quotedForMessage) is missing", hint: "write ${NAME}, or $${ for the characters ${")
        }
        let reference = rest[...end]
        let inner = reference.dropFirst(2).dropLast()
        rest = rest[end...].dropFirst()
        let colon = inner.firstIndex(of: ":")
        let name = inner[..<(colon ?? inner.endIndex)]
        guard isName(name) else {
            throw Malformed(
                message: "\(String(reference).quotedForMessage) names no environment variable",
                hint: "write ${NAME}, ${NAME:-default}, or $${ for the characters ${")
        }
        guard let colon else { return .variable(name: String(name), default: nil) }
        let fallback = inner[colon...].dropFirst()
        guard !fallback.contains("${") else {
            throw Malformed(
                message: "the default of ${\(name)} holds another reference, which is not supported",
                hint: "write the default as plain text")
        }
        return .variable(name: String(name), default: String(fallback.hasPrefix("-") ? fallback.dropFirst() : fallback))
    }

    private static func isName(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }
}

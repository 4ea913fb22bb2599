import JSON
public import RegularExpressions

/// A text, or a regular expression, that is looked for in the lines of a log.
public struct TextPattern: Sendable {
    /// What is looked for among the bytes of many lines at once: no line without it matches. `nil` where every line must be looked at.
    let finder: ByteFinder?
    /// What a line must match besides.
    let expression: RegularExpression?

    /// A text as it stands in a line, or in one of its strings before JSON's escapes: `say "no"` is found in `say \"no\"`, and `é` in `\u00e9`.
    /// - Parameter ignoresCase: whether large and small letters are the same.
    public init(_ text: String, ignoresCase: Bool = false) {
        if ignoresCase, !text.utf8.allSatisfy({ $0 < 0x80 }), let expression = try? RegularExpression(Self.quoted(text), ignoresCase: true)
        {
            self.init(expression)
        } else {
            self.init(finder: ByteFinder(Self.spellings(text), ignoresCase: ignoresCase), expression: nil)
        }
    }

    /// A regular expression that is looked for in lines as they stand in the log, JSON with its escapes.
    public init(_ expression: RegularExpression) {
        let finder =
            expression.requiredBytes.count < 2 ? nil : ByteFinder([expression.requiredBytes], ignoresCase: expression.ignoresCase)
        self.init(finder: finder, expression: expression.isLiteral && finder != nil ? nil : expression)
    }

    private init(finder: ByteFinder?, expression: RegularExpression?) {
        self.finder = finder
        self.expression = expression
    }

    /// Where in a text the first match is.
    public func firstMatch(in text: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
        if let expression { return expression.firstMatch(in: text) }
        return finder?.firstMatch(in: text)
    }

    /// The text itself, as JSON writes it, and as writers do that keep to ASCII.
    private static func spellings(_ text: String) -> [[UInt8]] {
        var writer = JSONWriter()
        writer.write(text)
        let escaped = Array(writer.bytes.dropFirst().dropLast())
        var ascii: [UInt8] = []
        for unit in String(decoding: escaped, as: UTF8.self).utf16 {
            if unit < 0x80 {
                ascii.append(UInt8(unit))
            } else {
                let digits = String(unit, radix: 16)
                ascii += Array(("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8)
            }
        }
        var spellings = [Array(text.utf8)]
        for other in [escaped, ascii] where !spellings.contains(other) { spellings.append(other) }
        return spellings
    }

    /// A pattern that matches the text and nothing else.
    private static func quoted(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.flatMap { scalar -> [Unicode.Scalar] in
                    "\\^$.[]|()*+?{}".unicodeScalars.contains(scalar) ? ["\\", scalar] : [scalar]
                }))
    }
}

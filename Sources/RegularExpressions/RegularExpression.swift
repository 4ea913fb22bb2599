/// A regular expression that takes time in proportion to the text, whatever the pattern: for patterns and texts that nobody vouches for.
///
/// The syntax is that of `egrep` and the common part of Perl's: `.`, `[a-z]`, `[^a-z]`, `\d \w \s` and their opposites, `^ $ \b \B`, groups, `|`,
/// `* + ? {2} {2,} {2,5}` (a `?` behind them changes nothing: whether there is a match does not depend on it). There are no references back
/// and no looking around. Texts are UTF-8: `.` is one character of it; bytes that are no UTF-8 match nothing.
public struct RegularExpression: Sendable {
    /// The pattern as it was given.
    public let pattern: String
    /// Whether large and small letters are the same.
    public let ignoresCase: Bool
    /// Bytes that every text that matches has in it, as many as could be found out; in small letters where case is ignored (and then of ASCII
    /// alone). Empty where there are none.
    public let requiredBytes: [UInt8]
    /// Whether the pattern is nothing but those bytes.
    public let isLiteral: Bool
    let program: Program

    /// Reads a pattern.
    /// - Throws: `RegularExpressionError`: what is wrong, and where.
    public init(_ pattern: String, ignoresCase: Bool = false) throws(RegularExpressionError) {
        var parser = PatternParser(pattern)
        let node = try parser.parse()
        var compiler = Compiler(ignoresCase: ignoresCase)
        program = try compiler.compile(node)
        self.pattern = pattern
        self.ignoresCase = ignoresCase
        var literals = RequiredLiteral(asciiAlone: ignoresCase)
        literals.take(node)
        (requiredBytes, isLiteral) = literals.finish()
    }

    /// Where the first match is (of those that begin there, the longest); `nil` where there is none.
    public func firstMatch(in text: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
        Simulation(program: program).firstMatch(in: text)
    }
}

/// What is wrong with a pattern.
public struct RegularExpressionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong.
    public var message: String
    /// At which character of the pattern, from 1.
    public var position: Int

    /// What is wrong, and where.
    public var description: String { "\(message) at character \(position) of the pattern" }
}

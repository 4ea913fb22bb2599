/// A regular expression as schemas (`pattern`) and vLLM's `structured_outputs.regex` have it, for checking what a server wrote.
///
/// It is matched by an automaton over Unicode scalars, as servers' constrained decoding does, and not by Swift's `Regex`: that one goes by
/// grapheme clusters, is not `Sendable`, and may take exponential time for a pattern that a caller or a server has sent. Where dialects
/// differ, the reading that matches more is taken: a dot may be a line break (xgrammar), `\s` any white space of Unicode.
public struct Pattern: Sendable {
    private let program: PatternProgram

    /// A longer match is not made: characters of the text times instructions of the pattern.
    private static let maxSteps = 20_000_000

    /// Reads a pattern; `nil` for one that cannot be checked: malformed, with look-arounds, references to groups, flags, properties of
    /// Unicode, or so large that matching would take long.
    public init?(_ text: String) {
        guard let expression = try? PatternParser.parse(text), let program = try? PatternProgram(expression) else { return nil }
        self.program = program
    }

    /// Whether the whole text matches; `nil` where finding out would take too long.
    public func matchesWhole(_ text: String) -> Bool? { match(text, whole: true) }

    /// Whether a part of the text matches, or all of it; `nil` where finding out would take too long.
    public func matchesPart(of text: String) -> Bool? { match(text, whole: false) }

    private func match(_ text: String, whole: Bool) -> Bool? {
        guard text.utf8.count <= Self.maxSteps / program.instructions.count else { return nil }
        var matcher = PatternMatcher(program, over: text)
        return matcher.run(whole: whole)
    }
}

/// Where two answers first differ in what is read.
public struct TextDivergence: Sendable, Hashable {
    /// A part of an answer.
    public enum Part: String, Sendable, Hashable {
        /// The reasoning.
        case thinking
        /// The text.
        case text
    }

    /// In which part.
    public var part: Part
    /// How many Unicode code points of that part are the same before it: the unit of `TokenLogprob.textOffset`.
    public var offset: Int
    /// The end of what is the same, `excerptLength` characters at most.
    public var before: String
    /// How the old answer goes on, `excerptLength` characters at most; empty where it ends.
    public var old: String
    /// How the new answer goes on.
    public var new: String

    /// How long the excerpts are.
    public static let excerptLength = 40

    /// Where two texts begin to differ; `nil` where they do not.
    public init?(_ part: Part, old: String, new: String) {
        var (place, newPlace) = (old.unicodeScalars.startIndex, new.unicodeScalars.startIndex)
        var offset = 0
        while place < old.unicodeScalars.endIndex, newPlace < new.unicodeScalars.endIndex,
            old.unicodeScalars[place] == new.unicodeScalars[newPlace]
        {
            old.unicodeScalars.formIndex(after: &place)
            new.unicodeScalars.formIndex(after: &newPlace)
            offset += 1
        }
        guard place < old.unicodeScalars.endIndex || newPlace < new.unicodeScalars.endIndex else { return nil }
        self.part = part
        self.offset = offset
        before = String(old.unicodeScalars[..<place].suffix(Self.excerptLength))
        self.old = String(old.unicodeScalars[place...].prefix(Self.excerptLength))
        self.new = String(new.unicodeScalars[newPlace...].prefix(Self.excerptLength))
    }
}

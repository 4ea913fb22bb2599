/// What has to be taken out of a text and put into it for it to become another one.
public struct TextDiff: Sendable, Hashable {
    /// What is compared as one.
    public enum Unit: String, Sendable, Hashable {
        /// Words, spaces and signs.
        case word
        /// The model's tokens.
        case token
        /// Lines: texts of more than `TextDiff.wordLimit` bytes.
        case line
    }

    /// A part of the texts.
    public struct Edit: Sendable, Hashable {
        /// What happens to it.
        public enum Kind: String, Sendable, Hashable {
            /// Both texts have it.
            case same
            /// The old text alone has it.
            case removed
            /// The new text alone has it.
            case added
        }

        /// What happens to it.
        public var kind: Kind
        /// Its text.
        public var text: String

        /// A part of a text.
        public init(_ kind: Kind, _ text: String) {
            self.kind = kind
            self.text = text
        }
    }

    /// Longer texts, in bytes of UTF-8, are compared by lines.
    public static let wordLimit = 1 << 20

    /// What was compared as one.
    public let unit: Unit
    /// The parts in order, a removed one before the added one that takes its place; the same and the removed ones together are the old
    /// text, the same and the added ones the new one.
    public let edits: [Edit]
    /// How much the texts have in common, from 0 to 1: twice the length of what is the same over the length of both, in bytes. 1 only for
    /// texts that are the same.
    public let similarity: Double
    /// Whether the texts have so little in common over such a length that the search for it was given up: parts that are the same may be
    /// told as removed and added.
    public let isApproximate: Bool

    /// Whether the texts are the same.
    public var isSame: Bool { edits.allSatisfy { $0.kind == .same } }

    /// Compares texts by words, or by lines where they are long.
    public init(old: String, new: String) {
        let isShort = max(old.utf8.count, new.utf8.count) <= Self.wordLimit
        if old.isExactly(new) {
            self.init(unit: isShort ? .word : .line, old: [old[...]], new: [new[...]])
        } else if isShort {
            self.init(unit: .word, old: TextPieces.words(old), new: TextPieces.words(new))
        } else {
            self.init(unit: .line, old: TextPieces.lines(old), new: TextPieces.lines(new))
        }
    }

    /// Compares answers by their tokens.
    public init(oldTokens: [String], newTokens: [String]) {
        self.init(unit: .token, old: oldTokens.map { $0[...] }, new: newTokens.map { $0[...] })
    }

    private init(unit: Unit, old: [Substring], new: [Substring]) {
        var numbers: [ExactText: Int32] = [:]
        func number(_ piece: Substring) -> Int32 {
            let text = ExactText(piece)
            if let number = numbers[text] { return number }
            let number = Int32(truncatingIfNeeded: numbers.count)
            numbers[text] = number
            return number
        }
        let script = EditScript(from: old.map(number), to: new.map(number))
        var edits = EditCollector()
        var (place, newPlace) = (0, 0)
        while place < old.count || newPlace < new.count {
            if place < old.count, script.isRemoved[place] {
                edits.add(.removed, old[place])
                place += 1
            } else if newPlace < new.count, script.isAdded[newPlace] {
                edits.add(.added, new[newPlace])
                newPlace += 1
            } else {
                edits.add(.same, old[place])
                place += 1
                newPlace += 1
            }
        }
        self.unit = unit
        similarity = edits.similarity
        self.edits = edits.finished(keepingWordsTogether: unit == .word)
        isApproximate = script.isApproximate
    }
}

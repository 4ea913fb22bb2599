/// Puts the pieces of a comparison together to parts that a person wants to read.
struct EditCollector {
    private var edits: [TextDiff.Edit] = []
    /// How many bytes both texts have, and how many there are in both together.
    private var sameBytes = 0
    private var bytes = 0

    /// Takes the next piece.
    mutating func add(_ kind: TextDiff.Edit.Kind, _ piece: Substring) {
        let count = piece.utf8.count
        bytes += kind == .same ? 2 * count : count
        if kind == .same { sameBytes += 2 * count }
        append(kind, piece)
    }

    /// Twice what is the same over all.
    var similarity: Double { bytes == 0 ? 1 : Double(sameBytes) / Double(bytes) }

    /// The parts.
    /// - Parameter keepsWordsTogether: a space between two replaced words is no part of its own: it belongs to what is replaced.
    func finished(keepingWordsTogether keepsWordsTogether: Bool) -> [TextDiff.Edit] {
        guard keepsWordsTogether else { return edits }
        var result = EditCollector()
        for (index, edit) in edits.enumerated() {
            let isSpace = edit.text.utf8.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            if edit.kind == .same, isSpace, isReplacement(at: index - 2), isReplacement(at: index + 1) {
                result.append(.removed, edit.text[...])
                result.append(.added, edit.text[...])
            } else {
                result.append(edit.kind, edit.text[...])
            }
        }
        return result.edits
    }

    private func isReplacement(at index: Int) -> Bool {
        index >= 0 && index + 1 < edits.count && edits[index].kind == .removed && edits[index + 1].kind == .added
    }

    /// Adds to the last part of its kind behind which nothing is the same; what is removed comes before what is added.
    private mutating func append(_ kind: TextDiff.Edit.Kind, _ text: Substring) {
        guard !text.isEmpty else { return }
        let last = edits.count - 1
        if last >= 0, edits[last].kind == kind {
            edits[last].text += text
        } else if kind == .removed, last >= 0, edits[last].kind == .added {
            if last >= 1, edits[last - 1].kind == .removed {
                edits[last - 1].text += text
            } else {
                edits.insert(TextDiff.Edit(.removed, String(text)), at: last)
            }
        } else {
            edits.append(TextDiff.Edit(kind, String(text)))
        }
    }
}

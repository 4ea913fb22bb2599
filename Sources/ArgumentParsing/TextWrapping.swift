/// Sets prose into columns of a given width, counted in characters.
enum TextWrapping {
    /// `text` in lines of at most `width` characters; only a word that is longer by itself stands out.
    static func lines(_ text: String, width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(whereSeparator: \.isWhitespace) {
            if line.isEmpty {
                line = String(word)
            } else if line.count + 1 + word.count <= width {
                line += " \(word)"
            } else {
                lines.append(line)
                line = String(word)
            }
        }
        return line.isEmpty ? lines : lines + [line]
    }

    /// A discussion as blocks: paragraphs to be filled, and lines to be kept because they start with a space.
    static func blocks(_ text: String) -> [TextBlock] {
        var blocks: [TextBlock] = []
        var isAfterGap = true
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.allSatisfy(\.isWhitespace) {
                isAfterGap = true
                continue
            }
            switch (blocks.last, line.first == " ") {
            case (.paragraph(let before), false) where !isAfterGap: blocks[blocks.count - 1] = .paragraph("\(before) \(line)")
            case (.verbatim(let before), true) where !isAfterGap: blocks[blocks.count - 1] = .verbatim(before + [String(line)])
            case (_, false): blocks.append(.paragraph(String(line)))
            case (_, true): blocks.append(.verbatim([String(line)]))
            }
            isAfterGap = false
        }
        return blocks
    }

    /// Two columns, indented by two. The left one is as wide as its widest entry of at most a third of `width`; a longer entry has
    /// its text below it.
    static func table(_ rows: [(left: String, right: String)], width: Int) -> [String] {
        let most = max(width / 3, 12)
        let leftWidth = rows.map(\.left.count).filter { $0 <= most }.max() ?? 4
        let margin = leftWidth + 4
        var table: [String] = []
        for row in rows {
            var right = lines(row.right, width: max(width - margin, 20))[...]
            if row.left.count > leftWidth || right.isEmpty {
                table.append("  \(row.left)")
            } else if let first = right.popFirst() {
                table.append("  \(row.left)\(spaces(leftWidth - row.left.count + 2))\(first)")
            }
            table += right.map { spaces(margin) + $0 }
        }
        return table
    }

    /// Entries with commas between them, in lines of at most `width` characters; no entry is broken.
    static func list(_ entries: [String], width: Int) -> [String] {
        var lines: [String] = []
        for (index, entry) in entries.enumerated() {
            let text = index == entries.count - 1 ? entry : "\(entry),"
            if let line = lines.last, line.count + 1 + text.count <= width {
                lines[lines.count - 1] += " \(text)"
            } else {
                lines.append(text)
            }
        }
        return lines
    }

    private static func spaces(_ count: Int) -> String { String(repeating: " ", count: count) }
}

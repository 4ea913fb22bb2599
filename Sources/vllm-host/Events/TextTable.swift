/// Rows in columns for a terminal: as wide as what is in them, the last one cut where the line is full.
struct TextTable {
    /// A column.
    struct Column {
        var title: String
        var isRightAligned = false
    }

    let columns: [Column]
    private(set) var rows: [[String]] = []

    init(_ columns: [Column]) {
        self.columns = columns
    }

    /// Adds a row with one text for each column.
    mutating func add(_ row: [String]) {
        rows.append(row.map(Self.inOneLine))
    }

    /// The table.
    /// - Parameters:
    ///   - width: where the last column is cut; `nil` does not cut.
    ///   - style: what is done to the text of a cell, padded already; nothing by default.
    func text(width: Int?, style: (_ row: Int, _ column: Int, _ text: String) -> String = { $2 }) -> String {
        let titles = columns.map(\.title)
        let widths = columns.indices.map { column in ([titles] + rows).map { $0[column].count }.max() ?? 0 }
        return ([titles] + rows).enumerated().map { row, cells in
            var line = ""
            var used = 0
            for (column, cell) in cells.enumerated() {
                let isLast = column == columns.count - 1
                var text = cell
                if isLast, let width { text = Self.cut(text, to: max(8, width - used)) }
                let padding = String(repeating: " ", count: max(0, widths[column] - text.count))
                text = columns[column].isRightAligned ? padding + text : isLast ? text : text + padding
                used += text.count + 2
                line += style(row - 1, column, text) + (isLast ? "" : "  ")
            }
            return line + "\n"
        }.joined()
    }

    /// The text with `…` in place of what is too long.
    static func cut(_ text: String, to count: Int) -> String {
        text.count <= count ? text : text.prefix(max(0, count - 1)) + "…"
    }

    /// The text without line feeds and control characters; several spaces become one.
    static func inOneLine(_ text: String) -> String {
        let spaced = String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\n" || $0 == "\t" || $0 == "\r" ? " " : $0 }))
        return Terminal.withoutControls(spaced)
    }
}

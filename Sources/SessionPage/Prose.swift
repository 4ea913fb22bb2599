/// A text of a model's or a user's, taken apart as light Markdown: paragraphs, headings, fenced code, and in them inline code and bold.
/// Everything else (lists, tables, links) stays the text that it is, in its lines; nothing is lost, and nothing becomes a link.
struct Prose {
    /// A part of the text.
    enum Block: Equatable {
        /// Lines of text.
        case paragraph(String)
        /// A heading of a level from 1 to 6.
        case heading(String, level: Int)
        /// Code between fences, with its language where it says one.
        case code(String, language: String)
        /// A table: the cells of its head and of its rows.
        case table(head: [String], rows: [[String]])
    }

    /// A part of a line.
    enum Span: Equatable {
        case plain(String)
        case code(String)
        case bold(String)
    }

    /// The parts in order.
    private(set) var blocks: [Block] = []

    init(_ text: String) {
        var paragraph: [Substring] = []
        var fence: Fence?
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" || $0 == "\r\n" }) {
            // Not all of the fence, whose lines would be copied each time.
            if let mark = fence?.mark {
                if let closing = Self.fence(line), closing.mark.hasPrefix(mark), closing.language.isEmpty {
                    close(&fence)
                } else {
                    fence?.lines.append(line)
                }
                continue
            }
            if let opening = Self.fence(line) {
                close(&paragraph)
                fence = Fence(mark: opening.mark, language: opening.language)
            } else if line.allSatisfy(\.isWhitespace) {
                close(&paragraph)
            } else if let heading = Self.heading(line) {
                close(&paragraph)
                blocks.append(heading)
            } else {
                paragraph.append(line)
            }
        }
        close(&paragraph)
        // An answer that was cut off inside of code.
        close(&fence)
    }

    /// Code whose end has not come yet.
    private struct Fence {
        let mark: Substring
        let language: String
        var lines: [Substring] = []
    }

    /// The parts of a paragraph or a heading. What is opened and not closed is text.
    static func spans(_ text: String) -> [Span] {
        var spans: [Span] = []
        var plain = ""
        func end() {
            if !plain.isEmpty { spans.append(.plain(plain)) }
            plain = ""
        }
        var rest = text[...]
        // A mark without an end is looked for once, and not at each of its beginnings.
        var unclosed: Set<String> = []
        while let next = rest.firstIndex(where: { $0 == "`" || $0 == "*" }) {
            plain += rest[..<next]
            rest = rest[next...]
            let run = rest.prefix { $0 == rest[next] }
            let mark = String(run)
            let inside = rest[run.endIndex...]
            let isCode = mark.hasPrefix("`")
            // Longer runs are lines of a drawing.
            let canOpen = isCode ? run.count <= 8 : mark == "**" && inside.first?.isWhitespace == false
            if canOpen, !unclosed.contains(mark) {
                if let close = Self.closing(mark, in: inside), isCode || !inside[inside.index(before: close)].isWhitespace {
                    end()
                    spans.append(isCode ? .code(String(inside[..<close])) : .bold(String(inside[..<close])))
                    rest = inside[inside.index(close, offsetBy: mark.count)...]
                    continue
                }
                unclosed.insert(mark)
            }
            plain += mark
            rest = inside
        }
        plain += rest
        end()
        return spans
    }

    /// Where a run of marks of just this length begins.
    private static func closing(_ mark: String, in text: Substring) -> Substring.Index? {
        guard let sign = mark.first else { return nil }
        var rest = text
        while let next = rest.firstIndex(of: sign) {
            let run = rest[next...].prefix { $0 == sign }
            if run.count == mark.count { return next }
            rest = rest[run.endIndex...]
        }
        return nil
    }

    private mutating func close(_ fence: inout Fence?) {
        if let fence { blocks.append(.code(fence.lines.joined(separator: "\n"), language: fence.language)) }
        fence = nil
    }

    private mutating func close(_ paragraph: inout [Substring]) {
        if !paragraph.isEmpty { blocks.append(Self.table(paragraph) ?? .paragraph(paragraph.joined(separator: "\n"))) }
        paragraph = []
    }

    /// Lines that all begin with `|`, of which the second parts the head from the rows.
    private static func table(_ lines: [Substring]) -> Block? {
        guard lines.count > 2, lines.allSatisfy({ $0.hasPrefix("|") }), lines[1].allSatisfy({ "|-: ".contains($0) }) else { return nil }
        let rows = lines.map(cells)
        // Texts with a thousand columns are no tables.
        guard rows[0].count <= 50 else { return nil }
        return .table(head: rows[0], rows: Array(rows.dropFirst(2)))
    }

    private static func cells(_ line: Substring) -> [String] {
        let inside = line.dropFirst().reversed().drop(while: \.isWhitespace).reversed()
        let text = inside.last == "|" ? String(inside.dropLast()) : String(inside)
        return text.split(separator: "|", omittingEmptySubsequences: false).map { cell in
            String(cell.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
        }
    }

    private static func fence(_ line: Substring) -> (mark: Substring, language: String)? {
        let text = line.drop { $0 == " " }
        guard let sign = text.first, sign == "`" || sign == "~", line.distance(from: line.startIndex, to: text.startIndex) < 4 else {
            return nil
        }
        let mark = text.prefix { $0 == sign }
        let rest = text[mark.endIndex...]
        guard mark.count >= 3, !rest.contains("`") else { return nil }
        return (mark, rest.prefix(40).split(separator: " ").first.map(String.init) ?? "")
    }

    private static func heading(_ line: Substring) -> Block? {
        let level = line.prefix(7).prefix { $0 == "#" }.count
        guard 1...6 ~= level, line.dropFirst(level).hasPrefix(" ") else { return nil }
        return .heading(String(line.dropFirst(level).drop { $0 == " " }), level: level)
    }
}

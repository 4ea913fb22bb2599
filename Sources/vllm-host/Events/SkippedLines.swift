/// Lines of logs that are no records: counted, and told at the end.
struct SkippedLines {
    private var count = 0
    private var first: (line: Int, reason: String)?

    mutating func add(_ line: Int, _ reason: String) {
        count += 1
        if first == nil { first = (line, reason) }
    }

    /// Says how many there were, and why the first one is none.
    func tell(_ terminal: Terminal) {
        guard let first else { return }
        let others = count == 1 ? "1 line is no record" : "\(FigureText.count(count)) lines are no records; the first of them"
        terminal.note(terminal.dimmed(Terminal.withoutControls("\(others): line \(first.line): \(first.reason)")) + "\n")
    }
}

/// How far something is that takes a while: a line on standard error that is drawn over and over, on a terminal only.
struct ProgressBar {
    private let terminal: Terminal
    private var shown = ""

    init(_ terminal: Terminal) {
        self.terminal = terminal
    }

    /// Draws it.
    /// - Parameter text: stands behind the bar.
    mutating func show(_ done: Int, of total: Int, _ text: String) {
        guard terminal.showsNotes else { return }
        let share = total > 0 ? min(max(Double(done) / Double(total), 0), 1) : 0
        let filled = Int((share * Double(Self.width)).rounded())
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.width - filled)
        let line = String("\(bar) \(text)".prefix(max(terminal.width - 1, 1)))
        guard line != shown else { return }
        shown = line
        terminal.note("\r\u{1B}[K" + line)
    }

    /// Takes it away.
    mutating func clear() {
        guard !shown.isEmpty else { return }
        shown = ""
        terminal.note("\r\u{1B}[K")
    }

    private static let width = 20
}

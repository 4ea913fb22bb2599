/// How far something is that takes a while: a line on standard error that is drawn over and over, on a terminal only.
struct ProgressBar {
    private let terminal: Terminal

    init(_ terminal: Terminal) {
        self.terminal = terminal
    }

    /// Draws it.
    /// - Parameter text: stands behind the bar.
    func show(_ done: Int, of total: Int, _ text: String) {
        let share = total > 0 ? min(max(Double(done) / Double(total), 0), 1) : 0
        let filled = Int((share * Double(Self.width)).rounded())
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.width - filled)
        terminal.showStatus(String("\(bar) \(text)".prefix(max(terminal.width - 1, 1))))
    }

    /// Takes it away.
    func clear() { terminal.showStatus("") }

    private static let width = 20
}

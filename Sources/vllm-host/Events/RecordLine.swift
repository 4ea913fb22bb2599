import SessionLog

/// A record as one line on a terminal: when, which event, what.
struct RecordLine {
    private let terminal: Terminal

    init(_ terminal: Terminal) {
        self.terminal = terminal
    }

    /// The line, with its line feed.
    /// - Parameter prefix: stands in front.
    func text(_ record: SessionRecord, prefix: String = "") -> String {
        let text = RecordText(record)
        let event = TextTable.inOneLine(record.event)
        // The event's column is as wide as the most common names.
        let name = event + String(repeating: " ", count: max(0, 22 - event.count))
        var gist = text.gist
        // What nobody can read in one line is not taken through all that follows.
        if gist.utf8.count > 4096 { gist = String(gist.prefix(2048)) }
        gist = TextTable.inOneLine(gist)
        let used = prefix.count + text.clock.count + name.count + 4
        gist = TextTable.cut(gist, to: terminal.isInteractive ? max(20, terminal.width - used) : 400)
        let shown =
            text.isError ? terminal.styled(name, .red) : text.isWarning ? terminal.styled(name, .yellow) : terminal.styled(name, .cyan)
        return terminal.styled(prefix + text.clock, .dim) + "  " + shown + (gist.isEmpty ? "" : "  " + gist) + "\n"
    }
}

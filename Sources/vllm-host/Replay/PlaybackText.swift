import Replay

/// What a playback writes: prompts, answers, reasoning, tools, with line breaks where they belong.
struct PlaybackText {
    private let terminal: Terminal
    /// Whether a line was begun and not ended.
    private var lineIsOpen = false
    private var isFirst = true

    init(_ terminal: Terminal) {
        self.terminal = terminal
    }

    /// What ends the text.
    var ending: String { lineIsOpen ? "\n" : "" }

    /// What says that a playback stands still, behind what was shown last: with the cursor's place kept (DECSC).
    var pauseMark: String { terminal.coloursOutput ? "\u{1B}7" + terminal.styled(" [paused: space goes on, n steps, q quits]", .dim) : "" }

    /// Takes the mark away again (DECRC, EL).
    var pauseMarkEnd: String { terminal.coloursOutput ? "\u{1B}8\u{1B}[K" : "" }

    /// The text of an event.
    mutating func text(of event: PlaybackEvent) -> String {
        defer { isFirst = false }
        switch event.kind {
        case .prompt(let prompt): return (isFirst ? "" : endLine() + "\n") + terminal.styled("> " + shown(prompt), .bold) + "\n"
        case .callStarted(let name):
            return line("[call \(event.call ?? 0)\(name.isEmpty ? "" : ": \(shown(name))")]", .dim)
        case .text(let text): return piece(text, nil)
        case .thinking(let text): return piece(text, .dim)
        case .blockEnded: return endLine()
        case .toolCall(let name, let input): return line("→ \(shown(name)) \(shown(input))", .cyan)
        case .toolResult(_, let output, let hasFailed):
            return line("← \(hasFailed ? "failed: " : "")\(shown(output))", hasFailed ? .red : .dim)
        case .retry(let text): return line("[retry: \(shown(text))]", .yellow)
        case .failure(let message): return line("error: \(shown(message))", .red)
        case .callEnded(let summary): return line("[\(shown(summary))]", .dim)
        case .note(let message): return line("note: \(shown(message))", .yellow)
        }
    }

    private mutating func piece(_ text: String, _ style: Terminal.Style?) -> String {
        let text = shown(text)
        guard !text.isEmpty else { return "" }
        lineIsOpen = !text.hasSuffix("\n")
        return style.map { terminal.styled(text, $0) } ?? text
    }

    private mutating func line(_ text: String, _ style: Terminal.Style) -> String {
        endLine() + terminal.styled(text, style) + "\n"
    }

    private mutating func endLine() -> String {
        defer { lineIsOpen = false }
        return lineIsOpen ? "\n" : ""
    }

    /// A terminal is not given the control characters of whoever wrote the log.
    private func shown(_ text: String) -> String { terminal.isInteractive ? Terminal.withoutControls(text) : text }
}

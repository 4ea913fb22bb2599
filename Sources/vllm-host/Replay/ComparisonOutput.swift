import ArgumentParsing
import Comparison
import JSON
import SessionPage

/// Where the report of a comparison goes, and in which form.
struct ComparisonOutput {
    private let asJSON: Bool
    private let file: String?
    private let page: String?
    private let terminal: Terminal

    /// Reads what the command line says of it.
    init(_ command: ParsedCommand, _ terminal: Terminal) {
        asJSON = command.flag("json")
        file = command.value("output")
        page = command.value("html")
        self.terminal = terminal
    }

    /// Writes the report. A report holds what was said in a session: its file is for its owner alone, as the log is.
    /// - Throws: `InputError` where a file cannot be written.
    func write(_ comparison: SessionComparison) throws(InputError) {
        if let page { try PageFile.write(ComparisonPage(comparison).html, to: page) }
        if let file {
            let text = asJSON ? comparison.json.text + "\n" : ComparisonText(comparison, hasColour: false).text
            try PageFile.write(text, to: file)
        } else if asJSON {
            terminal.print(comparison.json.text + "\n")
        } else {
            terminal.print(ComparisonText(comparison, hasColour: terminal.isInteractive && terminal.hasColour).text)
        }
    }
}

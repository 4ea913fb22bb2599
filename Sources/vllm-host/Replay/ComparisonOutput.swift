import ArgumentParsing
import Comparison
import JSON

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Where the report of a comparison goes, and in which form.
struct ComparisonOutput {
    private let asJSON: Bool
    private let file: String?
    private let terminal: Terminal

    /// Reads what the command line says of it.
    init(_ command: ParsedCommand, _ terminal: Terminal) {
        asJSON = command.flag("json")
        file = command.value("output")
        self.terminal = terminal
    }

    /// Writes the report.
    /// - Throws: `InputError` where the file cannot be written.
    func write(_ comparison: SessionComparison) throws {
        if let file {
            let text = asJSON ? comparison.json.text + "\n" : ComparisonText(comparison, hasColour: false).text
            try Self.write(text, to: file)
        } else if asJSON {
            terminal.print(comparison.json.text + "\n")
        } else {
            terminal.print(ComparisonText(comparison, hasColour: terminal.isInteractive && terminal.hasColour).text)
        }
    }

    /// A report holds what was said in a session: it is for its owner alone, as the log is.
    private static func write(_ text: String, to path: String) throws(InputError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        var failure = descriptor < 0 ? errno : 0
        if descriptor >= 0 {
            var rest = Array(text.utf8)[...]
            while failure == 0, !rest.isEmpty {
                let count = rest.withUnsafeBytes { bytes in
                    #if canImport(Darwin)
                        Darwin.write(descriptor, bytes.baseAddress, bytes.count)
                    #else
                        Glibc.write(descriptor, bytes.baseAddress, bytes.count)
                    #endif
                }
                if count >= 0 { rest = rest.dropFirst(count) } else if errno != EINTR { failure = errno }
            }
            if close(descriptor) != 0, failure == 0 { failure = errno }
        }
        if failure != 0 { throw InputError(message: "cannot write the report to \(path): \(String(cString: strerror(failure)))") }
    }
}

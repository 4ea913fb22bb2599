#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The lines of a conversation: typed at a terminal, or piped in, one prompt a line.
struct LineSource {
    private let editor: LineEditor?

    init(historyPath: String?) {
        editor = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 ? LineEditor(historyPath: historyPath) : nil
    }

    /// The next prompt; lines that end in a backslash are one with the next. `nil` at the end.
    func next() async -> String? {
        var text = ""
        while true {
            guard let line = await nextLine(isContinued: !text.isEmpty) else { return text.isEmpty ? nil : text }
            guard let line = line else {
                text = ""
                continue
            }
            guard line.hasSuffix("\\") else { return text + line }
            text += line.dropLast() + "\n"
        }
    }

    func close() {
        editor?.saveHistory()
    }

    /// A line, `.some(nil)` for one that was thrown away, `nil` at the end.
    private func nextLine(isContinued: Bool) async -> String?? {
        guard let editor else { return readLine(strippingNewline: true).map { .some($0) } }
        Interrupts.listen { editor.interrupt() }
        switch await editor.read(prompt: isContinued ? "… " : "> ") {
        case .line(let line): return .some(line)
        case .interrupted: return .some(nil)
        case .end:
            // The terminal shows Ctrl-D as text; what follows belongs on a line of its own.
            print()
            return nil
        }
    }
}

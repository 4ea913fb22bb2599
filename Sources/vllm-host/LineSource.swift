import HostSession

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The lines of a conversation: typed at a terminal, or piped in, one prompt a line.
struct LineSource {
    private let editor: LineEditor?
    private let recorder: SessionRecorder
    private let stop: StopFlag

    init(historyPath: String?, recorder: SessionRecorder, stop: StopFlag) {
        editor = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 ? LineEditor(historyPath: historyPath) : nil
        self.recorder = recorder
        self.stop = stop
    }

    /// The next prompt; lines that end in a backslash are one with the next. `nil` at the end.
    func next() async -> String? {
        var text = ""
        while true {
            guard let line = await nextLine(isContinued: !text.isEmpty) else { return text.isEmpty ? nil : text }
            guard let line = line else {
                if stop.cause != nil { return nil }
                text = ""
                continue
            }
            guard line.hasSuffix("\\") else { return text + line }
            text += line.dropLast() + "\n"
        }
    }

    /// A line, `.some(nil)` for one that was thrown away, `nil` at the end.
    private func nextLine(isContinued: Bool) async -> String?? {
        guard let editor else { return pipedLine() }
        Interrupts.listen { cause in
            if !cause.isInterrupt { stop.set(cause) }
            editor.interrupt()
        }
        switch await editor.read(prompt: isContinued ? "… " : "> ") {
        case .line(let line): return .some(line)
        case .interrupted: return .some(nil)
        case .end:
            // The terminal shows Ctrl-D as text; what follows belongs on a line of its own.
            print()
            return nil
        }
    }

    private func pipedLine() -> String?? {
        // Nothing can wake the reader of a pipe, so that stopping is ending.
        Interrupts.listen { cause in
            recorder.finish(status: "cancelled")
            _exit(cause.exitCode)
        }
        return readLine(strippingNewline: true).map { .some($0) }
    }
}

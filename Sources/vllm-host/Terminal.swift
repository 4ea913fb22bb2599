#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Where the program writes: answers to standard output, everything else to standard error.
struct Terminal: Sendable {
    /// Whether standard output is a terminal.
    var isInteractive: Bool
    /// Whether standard error takes colour.
    var hasColour: Bool
    /// How many columns there are.
    var width: Int

    static func current(environment: [String: String]) -> Terminal {
        // The reader of a pipe may go away: that is an error of `write` then, and not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        // So is a log that meets the limit on the size of files.
        signal(SIGXFSZ, SIG_IGN)
        let plain = environment["NO_COLOR"]?.isEmpty == false || environment["TERM"] == "dumb"
        return Terminal(
            isInteractive: isatty(STDOUT_FILENO) == 1, hasColour: isatty(STDERR_FILENO) == 1 && !plain, width: columns(environment))
    }

    /// Writes to standard output.
    func print(_ text: String) {
        if !Self.write(text, to: STDOUT_FILENO) { exit(ExitStatus.brokenPipe) }
    }

    /// Writes to standard error.
    func note(_ text: String) {
        _ = Self.write(text, to: STDERR_FILENO)
    }

    /// Says what is wrong, on a line of its own.
    func complain(_ message: String) {
        note("vllm-host: \(message)\n")
    }

    /// Dimmed text, where there is colour.
    func dimmed(_ text: String) -> String {
        hasColour ? "\u{1B}[2m\(text)\u{1B}[22m" : text
    }

    private static func columns(_ environment: [String: String]) -> Int {
        // `struct winsize`: rows, columns, and two that nobody fills in.
        var size: [UInt16] = [0, 0, 0, 0]
        if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size[1] > 0 { return Int(size[1]) }
        return environment["COLUMNS"].flatMap { Int($0) } ?? 80
    }

    /// Whether all of it could be written.
    private static func write(_ text: String, to descriptor: Int32) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)[...]
            while let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress, !rest.isEmpty {
                #if canImport(Darwin)
                    let count = Darwin.write(descriptor, start, rest.count)
                #else
                    let count = Glibc.write(descriptor, start, rest.count)
                #endif
                if count > 0 { rest = rest.dropFirst(count) } else if errno != EINTR { return false }
            }
            return true
        }
    }
}

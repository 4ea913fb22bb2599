import Locks

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Where the program writes: answers to standard output, everything else to standard error.
struct Terminal: Sendable {
    /// Whether standard output is a terminal.
    let isInteractive: Bool
    /// Whether standard output is a terminal that takes colour.
    let coloursOutput: Bool
    /// Whether standard error is a terminal that takes colour.
    let hasColour: Bool
    /// Whether standard error is a terminal.
    private let showsNotes: Bool
    /// How many columns there are.
    let width: Int
    /// Whether standard output has failed, so that there is no use in writing more.
    private let hasFailed = Guarded(false)
    /// The line that stands below what is noted.
    private let status = Guarded("")

    init(environment: [String: String]) {
        // The reader of a pipe may go away: that is an error of `write` then, and not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        // So is a log that meets the limit on the size of files.
        signal(SIGXFSZ, SIG_IGN)
        let plain = environment["NO_COLOR"]?.isEmpty == false || environment["TERM"] == "dumb"
        isInteractive = isatty(STDOUT_FILENO) == 1
        coloursOutput = isInteractive && !plain
        showsNotes = isatty(STDERR_FILENO) == 1
        hasColour = showsNotes && !plain
        width = Self.columns(environment)
    }

    /// Writes to standard output. When that fails, the program is told to stop, and nothing more is written.
    func print(_ text: String) {
        guard !hasFailed.withLock({ $0 }), let code = Self.write(text, to: STDOUT_FILENO) else { return }
        hasFailed.withLock { $0 = true }
        Interrupts.report(code == EPIPE ? .brokenPipe : .unwritableOutput(String(cString: strerror(code))))
    }

    /// Writes to standard error.
    func note(_ text: String) {
        let status = status.withLock { $0 }
        _ = Self.write(status.isEmpty ? text : Self.eraseLine + text + status, to: STDERR_FILENO)
    }

    /// Draws a line below what is noted, in place of the one before; an empty text takes it away. On a terminal only.
    func showStatus(_ line: String) {
        guard showsNotes else { return }
        let last = status.withLock { status in
            defer { status = line }
            return status
        }
        if line != last { _ = Self.write(Self.eraseLine + line, to: STDERR_FILENO) }
    }

    private static let eraseLine = "\r\u{1B}[K"

    /// Writes a model's text to standard output; a terminal is not given the model's control characters.
    func printAnswer(_ text: String) {
        print(isInteractive ? Self.withoutControls(text) : text)
    }

    /// Writes a model's text to standard error, dimmed; a terminal is not given the model's control characters.
    func noteAnswer(_ text: String) {
        note(dimmed(showsNotes ? Self.withoutControls(text) : text))
    }

    /// Says what is wrong, on a line of its own. Names of files may be in it, and what a server said: nothing in it controls the terminal.
    func complain(_ message: String) {
        note("vllm-host: \(Self.withoutControls(message))\n")
    }

    /// Dimmed text, where there is colour.
    func dimmed(_ text: String) -> String {
        hasColour ? "\u{1B}[2m\(text)\u{1B}[22m" : text
    }

    /// How text on standard output is set off.
    enum Style: String {
        case bold = "1"
        case dim = "2"
        case red = "31"
        case green = "32"
        case yellow = "33"
        case cyan = "36"
    }

    /// Text for standard output in a style, where there is colour.
    func styled(_ text: String, _ style: Style) -> String {
        coloursOutput && !text.isEmpty ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// The text with control characters shown instead of obeyed: they could move the cursor, or do worse.
    static func withoutControls(_ text: String) -> String {
        // Nearly all text is of such bytes; a control character beyond ASCII begins with 0xC2.
        let isPlain = { (byte: UInt8) in byte >= 0x20 ? byte != 0x7F && byte != 0xC2 : byte == 0x0A || byte == 0x09 }
        if text.utf8.allSatisfy(isPlain) { return text }
        let isHarmless = { (scalar: Unicode.Scalar) in
            scalar == "\n" || scalar == "\t" || (scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value))
        }
        if text.unicodeScalars.allSatisfy(isHarmless) { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { isHarmless($0) ? $0 : "\u{FFFD}" }))
    }

    private static func columns(_ environment: [String: String]) -> Int {
        // `struct winsize`: rows, columns, and two that nobody fills in.
        var size: [UInt16] = [0, 0, 0, 0]
        if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size[1] > 0 { return Int(size[1]) }
        return environment["COLUMNS"].flatMap { Int($0) } ?? 80
    }

    /// Writes all of a text; returns the error's number where that fails.
    private static func write(_ text: String, to descriptor: Int32) -> Int32? {
        var text = text
        return text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)[...]
            while let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress, !rest.isEmpty {
                #if canImport(Darwin)
                    let count = Darwin.write(descriptor, start, rest.count)
                #else
                    let count = Glibc.write(descriptor, start, rest.count)
                #endif
                if count > 0 {
                    rest = rest.dropFirst(count)
                } else if errno == EAGAIN {
                    var poller = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    poll(&poller, 1, -1)
                } else if errno != EINTR {
                    return errno
                }
            }
            return nil
        }
    }
}

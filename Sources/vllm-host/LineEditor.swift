import CEdit
import Locks
import SessionLog

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Reads lines at a terminal through libedit: editing keys, history kept in a file.
///
/// libedit waits for keys on a thread of its own. Ctrl-C is a signal that another thread gets, which wakes it through a pipe.
final class LineEditor: Sendable {
    /// What a person typed.
    enum Input: Sendable {
        case line(String)
        /// Ctrl-C: the line is thrown away.
        case interrupted
        /// Ctrl-D.
        case end
    }

    private static let historyLength: Int32 = 1000
    private let historyPath: String?

    /// - Parameter historyPath: where lines are remembered; `nil` remembers them in memory.
    init(historyPath: String?) {
        self.historyPath = historyPath
        // The characters of the terminal; without a locale those of UTF-8.
        if setlocale(LC_CTYPE, "") == nil || !Self.readsUTF8 { setlocale(LC_CTYPE, "C.UTF-8") }
        cedit_set_program()
        cedit_set_getc(readKey)
        using_history()
        stifle_history(Self.historyLength)
        if let historyPath { read_history(historyPath) }
    }

    /// Lets a person type a line.
    func read(prompt: String) async -> Input {
        KeyReader.begin()
        let line: String? = await withCheckedContinuation { continuation in
            let request = Unmanaged.passRetained(LineRequest(prompt: prompt, continuation: continuation))
            #if canImport(Darwin)
                var thread: pthread_t?
            #else
                var thread: pthread_t = 0
            #endif
            if pthread_create(&thread, nil, readLineOnThread, request.toOpaque()) != 0 {
                request.release()
                continuation.resume(returning: nil)
            } else {
                #if canImport(Darwin)
                    if let thread { pthread_detach(thread) }
                #else
                    pthread_detach(thread)
                #endif
            }
        }
        if KeyReader.wasInterrupted { return .interrupted }
        guard let line else { return .end }
        if !line.allSatisfy(\.isWhitespace) { remember(line) }
        return .line(line)
    }

    /// Ends the line that is being typed; may be called on any thread.
    func interrupt() { KeyReader.interrupt() }

    /// Adds a line to the history and to its file, which only the user can read. Each line is added by itself, so that several
    /// sessions can share the file and one that is killed loses nothing.
    private func remember(_ line: String) {
        add_history(line)
        guard let historyPath else { return }
        guard let file = try? PrivateFile(path: historyPath) else { return }
        let text = Array(((file.isEmpty ? Self.heading : "") + Self.encoded(line) + "\n").utf8)
        text.withUnsafeBytes { _ = file.append($0) }
    }

    /// The first line of libedit's history files.
    private static let heading = "_HiStOrY_V2_\n"

    /// A line as libedit's history files hold it: white space, backslashes and control characters as octal numbers, after vis(3).
    /// Its own `append_history` appends a line too many (3.1-20221030).
    private static func encoded(_ line: String) -> String {
        var bytes: [UInt8] = []
        for byte in line.utf8 {
            if byte > 0x20 && byte != 0x7F && byte != UInt8(ascii: "\\") {
                bytes.append(byte)
            } else {
                bytes.append(UInt8(ascii: "\\"))
                for shift in [6, 3, 0] { bytes.append(UInt8(ascii: "0") + (byte >> UInt8(shift)) & 7) }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether the locale's characters are those of UTF-8: one of single bytes would cut them apart.
    private static var readsUTF8: Bool { mblen("é", 2) == 2 }
}

private final class LineRequest: Sendable {
    let prompt: String
    let continuation: CheckedContinuation<String?, Never>

    init(prompt: String, continuation: CheckedContinuation<String?, Never>) {
        self.prompt = prompt
        self.continuation = continuation
    }

    func serve() {
        let line = readline(prompt)
        let text = line.map { String(cString: $0) }
        free(line)
        continuation.resume(returning: text)
    }
}

#if canImport(Darwin)
    private func readLineOnThread(_ context: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
        Unmanaged<LineRequest>.fromOpaque(context).takeRetainedValue().serve()
        return nil
    }
#else
    private func readLineOnThread(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let context else { return nil }
        Unmanaged<LineRequest>.fromOpaque(context).takeRetainedValue().serve()
        return nil
    }
#endif

private func readKey(_ stream: UnsafeMutablePointer<FILE>?) -> Int32 {
    KeyReader.next()
}

import Locks

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Where libedit gets its keys from: standard input, and Ctrl-C from the thread that waits for signals.
enum KeyReader {
    private struct State {
        /// The pipe that wakes the reader.
        var pipe: (read: Int32, write: Int32)?
        /// Keys that are still to be handed out.
        var pending: [Int32] = []
        var wasInterrupted = false
    }

    private static let state = Guarded(State())
    private static let killLine: Int32 = 0x15
    private static let newLine: Int32 = 0x0A

    /// A new line begins.
    static func begin() {
        state.withLock { state in
            state.wasInterrupted = false
            state.pending = []
            guard state.pipe == nil else { return }
            var ends: [Int32] = [0, 0]
            if pipe(&ends) == 0 { state.pipe = (ends[0], ends[1]) }
        }
    }

    /// Whether the last line was ended by `interrupt`.
    static var wasInterrupted: Bool { state.withLock { $0.wasInterrupted } }

    /// Ends the line that is being typed.
    static func interrupt() {
        guard let end = state.withLock({ $0.pipe?.write }) else { return }
        var byte: UInt8 = 3
        _ = write(end, &byte, 1)
    }

    /// The next character; -1 at the end of the input.
    static func next() -> Int32 {
        if let key = state.withLock({ $0.pending.isEmpty ? nil : $0.pending.removeFirst() }) { return key }
        let wakeUp = state.withLock { $0.pipe?.read } ?? -1
        var sources = [
            pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0), pollfd(fd: wakeUp, events: Int16(POLLIN), revents: 0),
        ]
        while poll(&sources, 2, -1) < 0 && errno == EINTR {}
        if sources[1].revents != 0 {
            _ = readByte(wakeUp)
            // libedit knows no way out of a line but its end: the line is emptied first.
            state.withLock { state in
                state.wasInterrupted = true
                state.pending = [newLine]
            }
            return killLine
        }
        return readCharacter()
    }

    /// A character of UTF-8, as libedit wants it: whole.
    private static func readCharacter() -> Int32 {
        guard let first = readByte(STDIN_FILENO) else { return -1 }
        let count = first < 0xC0 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3
        guard count > 0 else { return Int32(first) }
        var bytes = [first]
        for _ in 0..<count {
            guard let next = readByte(STDIN_FILENO) else { return -1 }
            bytes.append(next)
        }
        return String(validating: bytes, as: UTF8.self)?.unicodeScalars.first.map { Int32($0.value) } ?? Int32(first)
    }

    private static func readByte(_ descriptor: Int32) -> UInt8? {
        var byte: UInt8 = 0
        while true {
            let count = read(descriptor, &byte, 1)
            if count == 1 { return byte }
            if count == 0 || errno != EINTR { return nil }
        }
    }
}

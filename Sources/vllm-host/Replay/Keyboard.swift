import Locks

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The keyboard, key by key: the terminal hands keys over at once and does not show them, until it is restored.
final class Keyboard: Sendable {
    private let original: Guarded<termios?>

    /// The value of `_POSIX_VDISABLE`, a macro.
    #if canImport(Darwin)
        private static let noKey: UInt8 = 0xFF
    #else
        private static let noKey: UInt8 = 0
    #endif

    /// - Parameter isWanted: whether there is anything to say with keys.
    init(isWanted: Bool) {
        var attributes = termios()
        guard isWanted, isatty(STDIN_FILENO) == 1, tcgetattr(STDIN_FILENO, &attributes) == 0 else {
            original = Guarded(nil)
            return
        }
        original = Guarded(attributes)
        // Ctrl-C remains a signal. Ctrl-Z would leave the terminal as it is now to whoever comes next.
        attributes.c_lflag &= ~tcflag_t(ICANON | ECHO)
        withUnsafeMutableBytes(of: &attributes.c_cc) { keys in
            keys[Int(VMIN)] = 1
            keys[Int(VTIME)] = 0
            keys[Int(VSUSP)] = Self.noKey
        }
        tcsetattr(STDIN_FILENO, TCSANOW, &attributes)
    }

    deinit { restore() }

    /// Puts the terminal back as it was. May be called more than once, from any thread.
    func restore() {
        let attributes = original.withLock { original in
            defer { original = nil }
            return original
        }
        guard var attributes else { return }
        tcsetattr(STDIN_FILENO, TCSANOW, &attributes)
    }

    /// The keys that are pressed before the time is up; as soon as there are some.
    /// - Parameter timeout: `nil` waits for a key for ever.
    func keys(within timeout: Duration?) -> [PlaybackKey] {
        let milliseconds = timeout.map { Int32(min(($0 / .milliseconds(1)).rounded(.up), 60_000)) } ?? -1
        let isOpen = original.withLock { $0 != nil }
        guard isOpen || timeout != nil else { return [.quit] }
        var source = pollfd(fd: isOpen ? STDIN_FILENO : -1, events: Int16(POLLIN), revents: 0)
        guard poll(&source, 1, milliseconds) > 0 else { return [] }
        var buffer = [UInt8](repeating: 0, count: 64)
        let count = read(STDIN_FILENO, &buffer, buffer.count)
        // A terminal that is gone says nothing more.
        if count <= 0 { restore() }
        return PlaybackKey.keys(in: Array(buffer[..<max(count, 0)]))
    }
}

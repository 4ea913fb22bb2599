#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A program that is started and left to itself, as one that shows a file to the user is. It has no standard streams.
package struct DetachedProcess: Sendable {
    private let identifier: pid_t

    /// Starts a program with this process's environment, looking it up in `PATH` where its name has no slash.
    /// - Throws: `CommandError`.
    package init(_ command: [String]) throws(CommandError) {
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        guard null >= 0 else { throw CommandError("cannot open /dev/null: \(String(cString: strerror(errno)))") }
        defer { close(null) }
        do { identifier = try ChildProcess.spawn(command, [null, null, null]) { _, _ in false } } catch {
            throw CommandError("cannot run \(command.first ?? ""): \(error)")
        }
    }

    /// How the program ended, should it do so within so many seconds: its exit code, 128 and the signal's number for a death by a signal.
    /// - Returns: `nil` where it still runs, and goes on.
    package func exitCode(within seconds: Double) -> Int32? {
        var status: Int32 = 0
        for _ in 0..<max(1, Int(min(seconds, 3600) * 50)) {
            let ended = waitpid(identifier, &status, WNOHANG)
            // Somebody else has reaped it.
            if ended < 0, errno != EINTR { return 0 }
            if ended == identifier { return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F }
            usleep(20_000)
        }
        return nil
    }
}

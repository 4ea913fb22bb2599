import Locks

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A process in a process group of its own, with pipes to its standard streams. No shell is in between.
struct ChildProcess: Sendable {
    /// The process's number, and its group's.
    let identifier: pid_t
    /// What the process reads; ours to write. Like the others it never blocks.
    let input: Int32
    /// What the process writes to standard output.
    let output: Int32
    /// What the process writes to standard error.
    let errors: Int32

    /// Starts a program with this process's environment, looking it up in `PATH` where its name has no slash.
    /// - Parameter withholds: which environment variables it does not get.
    /// - Throws: `CommandError`.
    init(_ command: [String], withholding withholds: CommandRun.Withholding) throws(CommandError) {
        let name = command.first ?? ""
        var pipes: [(read: Int32, write: Int32)] = []
        do {
            for _ in 0..<3 { pipes.append(try Self.pipe()) }
            identifier = try Self.spawn(command, [pipes[0].read, pipes[1].write, pipes[2].write], withholds)
        } catch {
            for ends in pipes { for end in [ends.read, ends.write] { close(end) } }
            throw CommandError("cannot run \(name): \(error)")
        }
        for end in [pipes[0].read, pipes[1].write, pipes[2].write] { close(end) }
        (input, output, errors) = (pipes[0].write, pipes[1].read, pipes[2].read)
        for end in [input, output, errors] { Self.makeNonBlocking(end) }
    }

    /// Sends a signal to the process and all that it has started, as far as they stayed in its group. Only before it is reaped.
    func signal(_ number: Int32) { kill(-identifier, number) }

    /// Waits until the process has ended; it still has to be reaped.
    func waitForEnd() {
        var info = siginfo_t()
        while waitid(P_PID, id_t(identifier), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
    }

    /// Removes the ended process from the system's table and returns its wait status.
    func reap() -> Int32 {
        var status: Int32 = 0
        while waitpid(identifier, &status, 0) < 0 && errno == EINTR {}
        return status
    }

    /// Held while a pipe is made and while a process is started: between `pipe` and `fcntl` another child would inherit the ends, and
    /// the reader would wait for that child's end. Swift's Glibc has no `pipe2`.
    private static let forking = Guarded(())

    /// A pipe that no other child process inherits.
    static func pipe() throws(CommandError) -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        let code = forking.withLock { _ in
            #if canImport(Darwin)
                let code = Darwin.pipe(&ends) == 0 ? 0 : errno
            #else
                let code = Glibc.pipe(&ends) == 0 ? 0 : errno
            #endif
            for end in ends where code == 0 { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            return code
        }
        guard code == 0 else { throw CommandError(String(cString: strerror(code))) }
        return (ends[0], ends[1])
    }

    static func makeNonBlocking(_ descriptor: Int32) {
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }

    /// This process's environment but for some variables, with a `nil` at its end.
    private static func environment(without withholds: CommandRun.Withholding) -> [UnsafeMutablePointer<CChar>?] {
        var variables: [UnsafeMutablePointer<CChar>?] = []
        var next = environ
        while let variable = next.pointee {
            let entry = String(cString: variable)
            let name = entry.prefix { $0 != "=" }
            if !withholds(String(name), String(entry[name.endIndex...].dropFirst())) { variables.append(variable) }
            next += 1
        }
        return variables + [nil]
    }

    static func spawn(
        _ command: [String], _ streams: [Int32], _ withholds: CommandRun.Withholding
    ) throws(CommandError) -> pid_t {
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
        #else
            var actions = posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        for (stream, end) in streams.enumerated() { posix_spawn_file_actions_adddup2(&actions, end, Int32(stream)) }
        // A program that blocks or ignores signals, as hosts do, must not hand that down.
        var none = sigset_t()
        sigemptyset(&none)
        var all = sigset_t()
        sigemptyset(&all)
        for number in [SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM, SIGXFSZ] { sigaddset(&all, number) }
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = Int32(POSIX_SPAWN_SETPGROUP) | Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF)
        posix_spawnattr_setflags(&attributes, Int16(flags))
        let words = command.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        let variables = environment(without: withholds)
        var identifier: pid_t = 0
        let code = forking.withLock { _ in posix_spawnp(&identifier, command.first ?? "", &actions, &attributes, words, variables) }
        guard code == 0 else { throw CommandError(String(cString: strerror(code))) }
        return identifier
    }
}

import Locks

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A child process with pipes to its standard streams.
///
/// Foundation's `Process` is of no use here: on Linux it closes every descriptor of the parent one by one in the child, and with the
/// thousand that a parallel test run has open it crashes (Swift 6.3.1).
final class SpawnedProcess: Sendable {
    /// The process's number, and its group's.
    let identifier: pid_t
    private let input: Int32
    private let output: Int32
    private let errors: Int32
    private let isReaped = Guarded(false)

    init(_ program: String, _ arguments: [String], environment: [String: String], folder: String) throws {
        let (childInput, input) = try Self.pipe()
        let (output, childOutput) = try Self.pipe()
        let (errors, childErrors) = try Self.pipe()
        defer { for end in [childInput, childOutput, childErrors] { close(end) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        // Copies lose close-on-exec, which all pipes have, those of other tests, too.
        posix_spawn_file_actions_adddup2(&actions, childInput, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, childOutput, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, childErrors, STDERR_FILENO)
        // The shell goes to the folder and then becomes the program, under the same process id.
        let command = ["/bin/bash", "-c", #"cd "$0" && exec "$@""#, folder, program] + arguments
        let words = command.map { strdup($0) } + [nil]
        let variables = (environment.map { "\($0)=\($1)" } + Self.sanitizerOptions).map { strdup($0) } + [nil]
        defer { for text in words + variables { free(text) } }
        var identifier: pid_t = 0
        let code = posix_spawn(&identifier, "/bin/bash", &actions, &attributes, words, variables)
        guard code == 0 else {
            for end in [input, output, errors] { close(end) }
            throw SpawnError(call: "posix_spawn \(program)", code: code)
        }
        self.identifier = identifier
        self.input = input
        self.output = output
        self.errors = errors
    }

    /// What Scripts/sanitize.sh says to programs that are built with a sanitizer.
    private static let sanitizerOptions = ["ASAN_OPTIONS", "TSAN_OPTIONS"].compactMap { (name: String) in
        getenv(name).map { "\(name)=\(String(cString: $0))" }
    }

    /// Gives the process all of its standard input. What it does not read is dropped.
    func write(_ text: String) {
        let input = input
        inThread {
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { Glibc.write(input, $0.baseAddress, $0.count) }
                guard count > 0 else { break }
                rest = rest.dropFirst(count)
            }
            close(input)
        }
    }

    /// All of standard output; `onFirst` is called when the first of it is there.
    func readOutput(_ onFirst: @escaping @Sendable () -> Void) async -> String { await Self.read(output, onFirst) }

    /// All of standard error.
    func readErrors() async -> String { await Self.read(errors) {} }

    /// Kills the process and what it has started, as far as that stayed in its group.
    func kill() {
        isReaped.withLock { isReaped in
            if !isReaped { _ = Glibc.kill(-identifier, SIGKILL) }
        }
    }

    /// The exit code; a death by a signal is told as a shell tells it.
    func wait() async -> Int32 {
        await withCheckedContinuation { continuation in
            inThread { [self] in
                var info = siginfo_t()
                while waitid(P_PID, id_t(identifier), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
                // Once it is reaped, another process may have its number.
                let status = isReaped.withLock { isReaped in
                    var status: Int32 = 0
                    while waitpid(identifier, &status, 0) < 0 && errno == EINTR {}
                    isReaped = true
                    return status
                }
                let signal = status & 0x7F
                continuation.resume(returning: signal == 0 ? (status >> 8) & 0xFF : 128 + signal)
            }
        }
    }

    /// A pipe that no child process inherits, not even one that another test starts at this moment: whoever reads would wait for that
    /// one's end, too. Swift's Glibc leaves `pipe2` out.
    private static func pipe() throws -> (read: Int32, write: Int32) {
        typealias Pipe2 = @convention(c) (UnsafeMutablePointer<Int32>, Int32) -> Int32
        guard let symbol = dlsym(nil, "pipe2") else { throw SpawnError(call: "dlsym", code: ENOSYS) }
        var ends: [Int32] = [0, 0]
        guard unsafeBitCast(symbol, to: Pipe2.self)(&ends, O_CLOEXEC) == 0 else { throw SpawnError(call: "pipe2", code: errno) }
        return (ends[0], ends[1])
    }

    private static func read(_ descriptor: Int32, _ onFirst: @escaping @Sendable () -> Void) async -> String {
        await withCheckedContinuation { continuation in
            inThread {
                var bytes: [UInt8] = []
                var buffer = [UInt8](repeating: 0, count: 65536)
                while case let count = Glibc.read(descriptor, &buffer, buffer.count), count > 0 {
                    if bytes.isEmpty { onFirst() }
                    bytes += buffer[..<count]
                }
                close(descriptor)
                continuation.resume(returning: String(decoding: bytes, as: UTF8.self))
            }
        }
    }
}

/// A system call that failed.
struct SpawnError: Error {
    var call: String
    var code: Int32
}

/// Runs blocking work on a thread of its own, so that it keeps no test from running.
private func inThread(_ work: @escaping @Sendable () -> Void) {
    let box = Unmanaged.passRetained(ThreadWork(work))
    var thread: pthread_t = 0
    guard pthread_create(&thread, nil, runThread, box.toOpaque()) == 0 else { return box.takeRetainedValue().run() }
    pthread_detach(thread)
}

private final class ThreadWork: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) {
        self.run = run
    }
}

private func runThread(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    // A process that does not read its input to the end, or is killed before, must not take the tests with it.
    var broken = sigset_t()
    sigemptyset(&broken)
    sigaddset(&broken, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &broken, nil)
    Unmanaged<ThreadWork>.fromOpaque(context).takeRetainedValue().run()
    return nil
}

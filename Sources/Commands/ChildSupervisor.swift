#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Feeds a child process, reads what it writes, and ends it when it has to end. Blocks the thread that it runs on.
struct ChildSupervisor {
    /// How long a process may take to end after SIGTERM, before SIGKILL.
    private static let grace = Duration.seconds(1)
    /// How much of standard error is kept: its end, where a failing program says why.
    private static let errorLimit = 4096
    /// How many times standard error is read before the clock and the other pipes are looked at again: who writes faster than is read
    /// here would keep it from that for ever.
    private static let errorReads = 16

    private let child: ChildProcess
    private let wake: WakePipe
    private let run: CommandRun
    private let clock = ContinuousClock()
    /// When the process is to be ended, or, when it is being ended, killed.
    private var deadline: ContinuousClock.Instant
    /// Why the process is being ended.
    private var cause: CommandRun.Ending?
    private var hasEnded = false
    private var input: ArraySlice<UInt8>
    private var output: [UInt8] = []
    private var errors: [UInt8] = []
    /// The pipes' ends, -1 when closed: input, output, errors.
    private var pipes: [Int32]

    init(_ child: ChildProcess, _ wake: WakePipe, _ run: CommandRun) {
        self.child = child
        self.wake = wake
        self.run = run
        input = run.input[...]
        pipes = [child.input, child.output, child.errors]
        deadline = clock.now + run.timeout
    }

    /// Stays with the process to its end.
    /// - Parameter waits: whether somebody tells when the process has ended; if not, it has been killed.
    mutating func run(waits: Bool) -> CommandRun.Result {
        if !waits {
            cause = .cancelled
            child.waitForEnd()
            hasEnded = true
        }
        while !hasEnded { step() }
        // What is there now is all: a process left in the background may hold the pipes open for ever.
        readOutput()
        readErrors()
        if cause != nil { child.signal(SIGKILL) }
        let status = child.reap()
        for index in pipes.indices { close(index) }
        let signal = status & 0x7F
        let ending = cause ?? (signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal))
        return CommandRun.Result(ending: ending, output: output, errors: errors)
    }

    private mutating func step() {
        if input.isEmpty { close(0) }
        var sources = [
            pollfd(fd: wake.readEnd, events: Int16(POLLIN), revents: 0), pollfd(fd: pipes[0], events: Int16(POLLOUT), revents: 0),
            pollfd(fd: pipes[1], events: Int16(POLLIN), revents: 0), pollfd(fd: pipes[2], events: Int16(POLLIN), revents: 0),
        ]
        let milliseconds = max((deadline - clock.now) / .milliseconds(1), 0).rounded(.up)
        let count = poll(&sources, nfds_t(sources.count), Int32(min(milliseconds, 60_000)))
        if count > 0 {
            while let signal = wake.next() {
                switch signal {
                case .exited: hasEnded = true
                case .cancelled: end(.cancelled)
                }
            }
            if sources[1].revents != 0 { writeInput() }
            if sources[2].revents != 0 { readOutput() }
            if sources[3].revents != 0 { readErrors() }
        }
        if clock.now >= deadline { end(.timedOut) }
    }

    /// Asks the process group to end; when it was asked already and its time is up, kills it.
    private mutating func end(_ cause: CommandRun.Ending) {
        if self.cause == nil {
            self.cause = cause
            child.signal(SIGTERM)
            deadline = clock.now + Self.grace
        } else if clock.now >= deadline {
            child.signal(SIGKILL)
            // Nothing survives that; the next signal is that it has ended.
            deadline = clock.now + .seconds(3600)
        }
    }

    private mutating func writeInput() {
        let count = input.withUnsafeBytes { write(pipes[0], $0.baseAddress, $0.count) }
        if count > 0 {
            input = input.dropFirst(count)
        } else if errno != EAGAIN && errno != EINTR {
            // The program does not want the rest.
            close(0)
        }
    }

    private mutating func readOutput() {
        while let bytes = read(1) {
            output += bytes
            guard output.count <= run.outputLimit else {
                output = []
                close(1)
                return end(.tooMuchOutput)
            }
        }
    }

    private mutating func readErrors() {
        for _ in 0..<Self.errorReads {
            guard let bytes = read(2) else { return }
            errors = Array((errors + bytes.suffix(Self.errorLimit)).suffix(Self.errorLimit))
        }
    }

    /// What can be read of a pipe at once; `nil` where that is nothing.
    private mutating func read(_ index: Int) -> ArraySlice<UInt8>? {
        guard pipes[index] >= 0 else { return nil }
        var buffer = [UInt8](repeating: 0, count: 65536)
        #if canImport(Darwin)
            let count = Darwin.read(pipes[index], &buffer, buffer.count)
        #else
            let count = Glibc.read(pipes[index], &buffer, buffer.count)
        #endif
        if count > 0 { return buffer[..<count] }
        if count == 0 || (errno != EAGAIN && errno != EINTR) { close(index) }
        return nil
    }

    private mutating func close(_ index: Int) {
        guard pipes[index] >= 0 else { return }
        #if canImport(Darwin)
            _ = Darwin.close(pipes[index])
        #else
            _ = Glibc.close(pipes[index])
        #endif
        pipes[index] = -1
    }
}

import Locks

/// A command's run from its start to its end, with limits on its time and its output.
///
/// The waiting is done on threads of its own: one polls the pipes, one waits for the process.
package struct CommandRun: Sendable {
    /// How a run ended.
    package enum Ending: Sendable, Hashable {
        /// By itself, with this exit code.
        case exited(Int32)
        /// By a signal that was not sent from here.
        case signalled(Int32)
        /// Its time was up.
        case timedOut
        /// It wrote more than it may.
        case tooMuchOutput
        /// Nobody wanted the result any more.
        case cancelled
    }

    /// What came of it.
    package struct Result: Sendable {
        package var ending: Ending
        /// All of standard output.
        package var output: [UInt8]
        /// The end of standard error.
        package var errors: [UInt8]
    }

    /// The program and its arguments.
    let command: [String]
    /// Which environment variables it does not get.
    let withholds: Withholding
    /// What it reads on standard input.
    let input: [UInt8]
    /// How long it may run.
    let timeout: Duration
    /// How many bytes it may write to standard output.
    let outputLimit: Int

    /// Whether a command does not get an environment variable.
    package typealias Withholding = @Sendable (_ name: String, _ value: String) -> Bool

    /// A run that has not begun.
    /// - Parameters:
    ///   - command: the program and its arguments; it is looked up in `PATH` where its name has no slash.
    ///   - withholds: which environment variables it does not get.
    ///   - input: what it reads on standard input.
    ///   - timeout: how long it may run.
    ///   - outputLimit: how many bytes it may write to standard output.
    package init(
        _ command: [String], withholding withholds: @escaping Withholding = { _, _ in false }, input: [UInt8] = [], timeout: Duration,
        outputLimit: Int
    ) {
        self.command = command
        self.withholds = withholds
        self.input = input
        self.timeout = timeout
        self.outputLimit = outputLimit
    }

    /// Runs the command. Whichever way it ends, nothing of its process group is left where it was ended from here.
    /// - Throws: `CommandError`, where it cannot be started.
    package func result() async throws -> Result {
        let wake = try WakePipe()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let hasThread = BackgroundThread.start {
                    continuation.resume(with: Swift.Result { try self.supervise(wake) })
                }
                if !hasThread { continuation.resume(throwing: CommandError("there is no thread left to run \(command[0])")) }
            }
        } onCancel: {
            wake.send(.cancelled)
        }
    }

    private func supervise(_ wake: WakePipe) throws(CommandError) -> Result {
        let child = try ChildProcess(command, withholding: withholds)
        let isWatched = BackgroundThread.start {
            child.waitForEnd()
            wake.send(.exited)
        }
        if !isWatched { child.signal(9) }
        var supervisor = ChildSupervisor(child, wake, self)
        return supervisor.run(waits: isWatched)
    }
}

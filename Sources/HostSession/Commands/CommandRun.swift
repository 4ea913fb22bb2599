import Locks

/// A command's run from its start to its end, with limits on its time and its output.
///
/// The waiting is done on threads of its own: one polls the pipes, one waits for the process.
struct CommandRun: Sendable {
    /// How a run ended.
    enum Ending: Sendable, Hashable {
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
    struct Result: Sendable {
        var ending: Ending
        /// All of standard output.
        var output: [UInt8]
        /// The end of standard error.
        var errors: [UInt8]
    }

    /// The program and its arguments.
    var command: [String]
    /// The environment variables that it does not get.
    var withheld: Set<String> = []
    /// What it reads on standard input.
    var input: [UInt8]
    /// How long it may run.
    var timeout: Duration
    /// How many bytes it may write to standard output.
    var outputLimit: Int

    /// Runs the command. Whichever way it ends, nothing of its process group is left where it was ended from here.
    /// - Throws: `CommandError`, where it cannot be started.
    func result() async throws -> Result {
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
        let child = try ChildProcess(command, withheld: withheld)
        let isWatched = BackgroundThread.start {
            child.waitForEnd()
            wake.send(.exited)
        }
        if !isWatched { child.signal(9) }
        var supervisor = ChildSupervisor(child, wake, self)
        return supervisor.run(waits: isWatched)
    }
}

import Locks
import Measuring

/// Runs tasks on the thread that waits for them, so that nothing depends on how threads are scheduled.
final class ThisThread: TaskExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var isDone = false
    }

    private let monitor = Monitor(State())

    /// Runs `body` and what it waits for. An error ends the program.
    static func run(_ body: @escaping @Sendable () async throws -> Void) {
        let thread = ThisThread()
        Task(executorPreference: thread) {
            await measuring(body)
            thread.monitor.withLock { $0.isDone = true }
        }
        thread.work()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        monitor.withLock { $0.jobs.append(job) }
    }

    private func work() {
        while true {
            monitor.wait { !$0.jobs.isEmpty || $0.isDone }
            let (jobs, isDone) = monitor.withLock { state in
                defer { state.jobs = [] }
                return (state.jobs, state.isDone)
            }
            for job in jobs { job.runSynchronously(on: asUnownedTaskExecutor()) }
            if isDone { return }
        }
    }
}

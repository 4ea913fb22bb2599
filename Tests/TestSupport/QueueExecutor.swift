import Dispatch

/// A task executor of one queue, on which a test can see whether it is there.
public final class QueueExecutor: TaskExecutor {
    /// One for tests that need no queue of their own.
    public static let shared = QueueExecutor()

    private static let key = DispatchSpecificKey<ObjectIdentifier>()
    private let queue = DispatchQueue(label: "QueueExecutor")

    /// An executor with a queue of its own.
    public init() {
        queue.setSpecific(key: Self.key, value: ObjectIdentifier(self))
    }

    /// Whether the caller runs on this executor's queue.
    public var isCurrent: Bool { DispatchQueue.getSpecific(key: Self.key) == ObjectIdentifier(self) }

    /// Runs a job on the queue.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

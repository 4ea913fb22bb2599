extension BackgroundThread {
    /// Does `work`, which may block, on a thread of its own, and waits for what it gives without holding up the threads that tasks share.
    /// Where there is no thread to be had, it is done on one of those.
    public static func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            let hasThread = start { continuation.resume(returning: work()) }
            if !hasThread { continuation.resume(returning: work()) }
        }
    }
}

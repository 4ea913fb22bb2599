extension Task where Success == Void, Failure == Never {
    /// Waits until the task has ended or the time is up; ends at once where the waiting task is cancelled.
    package func wait(atMost limit: Duration) async {
        let (ends, end) = AsyncStream.makeStream(of: Void.self)
        let timer = Task {
            try? await Task<Never, Never>.sleep(for: limit)
            end.finish()
        }
        defer { timer.cancel() }
        Task {
            await value
            end.finish()
        }
        for await _ in ends {}
    }
}

/// What runs on behalf of something that can be closed, and ends with it: its tasks are cancelled and it starts no more.
public final class TaskScope: Sendable {
    /// Something that is to be ended when the scope is closed, for as long as somebody holds this.
    public final class Registration: Sendable {
        private let scope: TaskScope
        private let number: Int

        fileprivate init(_ scope: TaskScope, _ number: Int) {
            self.scope = scope
            self.number = number
        }

        deinit { scope.remove(number) }
    }

    private struct State {
        var isClosed = false
        var count = 0
        var endings: [Int: @Sendable () -> Void] = [:]
    }

    private let state = Guarded(State())

    /// A scope that is open.
    public init() {}

    /// Whether the scope was closed.
    public var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Closes the scope: ends what is registered. Closing twice is once.
    public func close() {
        let endings = state.withLock { state in
            defer { state.endings = [:] }
            state.isClosed = true
            return state.endings.values.map { $0 }
        }
        for end in endings { end() }
    }

    /// Calls `end` when the scope is closed, at once where it is closed already. It is called at most once, by whoever closes.
    public func onClose(_ end: @escaping @Sendable () -> Void) -> Registration {
        let number = state.withLock { state -> Int in
            state.count += 1
            if !state.isClosed { state.endings[state.count] = end }
            return state.isClosed ? 0 : state.count
        }
        if number == 0 { end() }
        return Registration(self, number)
    }

    /// Does `work`, which is cancelled when the scope is closed or the caller's task is cancelled.
    /// - Throws: `closed` in place of what `work` throws once the scope is closed, and without doing it where it is closed already.
    public func run<Value: Sendable, Failure: Error>(
        orThrow closed: Failure, _ work: @escaping @Sendable () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        try await run(orThrow: closed) { Task { await Self.outcome(of: work) } }
    }

    /// The same for work that does not block: it begins on the thread that is here, and goes on where it is told to, which saves switches
    /// from one thread to another. (On macOS before 26 it begins where it goes on.)
    /// - Parameter executor: where it goes on; `nil` for Swift's shared pool.
    public func runHere<Value: Sendable, Failure: Error>(
        goingOn executor: (any TaskExecutor)?, orThrow closed: Failure, _ work: @escaping @Sendable () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let isCancelled = Task.isCancelled
        return try await run(orThrow: closed) {
            guard #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) else {
                return Task(executorPreference: executor) { await Self.outcome(of: work) }
            }
            return Task.immediate(executorPreference: executor) {
                // It runs before anybody can cancel it.
                if isCancelled { withUnsafeCurrentTask { $0?.cancel() } }
                return await Self.outcome(of: work)
            }
        }
    }

    private static func outcome<Value: Sendable, Failure: Error>(
        of work: () async throws(Failure) -> Value
    ) async -> Result<Value, Failure> {
        do throws(Failure) { return .success(try await work()) } catch { return .failure(error) }
    }

    private func run<Value: Sendable, Failure: Error>(
        orThrow closed: Failure, begin: () -> Task<Result<Value, Failure>, Never>
    ) async throws(Failure) -> Value {
        guard !isClosed else { throw closed }
        let task = begin()
        let registration = onClose { task.cancel() }
        let result = await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        return try withExtendedLifetime(registration) { () throws(Failure) -> Value in
            do throws(Failure) { return try result.get() } catch { throw isClosed && !Task.isCancelled ? closed : error }
        }
    }

    private func remove(_ number: Int) {
        // What it holds ends behind the lock, and may come back here.
        _ = state.withLock { $0.endings.removeValue(forKey: number) }
    }
}

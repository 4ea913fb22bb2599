import Locks

/// A body that follows a script: a step each time somebody reads.
final class ScriptedBody: HTTPBodySource {
    private struct State {
        var steps: ArraySlice<ScriptedExchange.Step>
        var buffer = ResponseBuffer()

        /// Does the next step, so that a reader finds something.
        mutating func advance() {
            guard !buffer.hasEnded, buffer.count == 0 else { return }
            while let step = steps.popFirst() {
                switch step {
                case .bytes(let bytes) where bytes.isEmpty: continue
                // Nobody waits: a second reader is refused, and the first one has taken what there was.
                case .bytes(let bytes): _ = buffer.append(bytes)
                case .fail(let error): _ = buffer.finish(error)
                case .hang: steps = [.hang]
                }
                return
            }
            _ = buffer.finish(nil)
        }
    }

    private let state: Guarded<State>
    private let end: ReadLimit?
    private let onAbandon: @Sendable () -> Void

    /// - Parameters:
    ///   - end: until when a reader waits for a step that does not come, whatever the reader's own limit is.
    ///   - onAbandon: called when the body is cancelled or dropped before its end.
    init(_ steps: [ScriptedExchange.Step], by end: ReadLimit? = nil, onAbandon: @escaping @Sendable () -> Void) {
        state = Guarded(State(steps: steps[...]))
        self.end = end
        self.onAbandon = onAbandon
    }

    deinit { cancel() }

    nonisolated(nonsending) func next(by limit: ReadLimit?) async throws(TransportError) -> [UInt8]? {
        if Task.isCancelled { cancel() }
        let ready = state.withLock { state in
            state.advance()
            return state.buffer.read().batch
        }
        if let ready { return try ready.get() }
        let timer = [limit, end].compactMap { $0 }.min { $0.deadline < $1.deadline }.map { limit in
            Task { [weak self] in
                try? await Task.sleep(until: limit.deadline, clock: .continuous)
                if !Task.isCancelled { self?.end(limit.error) }
            }
        }
        defer { timer?.cancel() }
        return try await withTaskCancellationHandler {
            await withUnsafeContinuation { reader in
                let batch = state.withLock { $0.buffer.read(waiting: reader).batch }
                if let batch { reader.resume(returning: batch) }
            }
        } onCancel: {
            cancel()
        }.get()
    }

    func cancel() { end(.cancelledByCaller) }

    private func end(_ error: TransportError) {
        let (isEarly, delivery) = state.withLock { state in
            let isEarly = !state.buffer.hasEnded
            return (isEarly, state.buffer.finish(error))
        }
        if isEarly { onAbandon() }
        delivery?.resume()
    }
}

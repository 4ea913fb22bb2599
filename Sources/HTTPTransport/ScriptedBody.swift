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
    private let onAbandon: @Sendable () -> Void

    /// - Parameter onAbandon: called when the body is cancelled or dropped before its end.
    init(_ steps: [ScriptedExchange.Step], onAbandon: @escaping @Sendable () -> Void) {
        state = Guarded(State(steps: steps[...]))
        self.onAbandon = onAbandon
    }

    deinit { cancel() }

    func next() async throws(TransportError) -> [UInt8]? {
        if Task.isCancelled { cancel() }
        return try await withTaskCancellationHandler {
            await withUnsafeContinuation { reader in
                let batch = state.withLock { state in
                    state.advance()
                    return state.buffer.read(waiting: reader).batch
                }
                if let batch { reader.resume(returning: batch) }
            }
        } onCancel: {
            cancel()
        }.get()
    }

    func cancel() {
        let (isEarly, delivery) = state.withLock { state in
            let isEarly = !state.buffer.hasEnded
            return (isEarly, state.buffer.finish(.cancelledByCaller))
        }
        if isEarly { onAbandon() }
        delivery?.resume()
    }
}

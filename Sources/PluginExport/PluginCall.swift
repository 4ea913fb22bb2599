import CProviderPlugin
import Locks
import ProviderKit

/// Something that an instance does in the background, and tells a callback of.
final class PluginCall: @unchecked Sendable {
    // @unchecked: the host's function may be called on any thread, and its context is never read; `text` belongs to the call's own task.
    private struct State {
        var task: Task<Void, Never>?
        var isCancelled = false
        var gate = PauseGate()
    }

    private let callback: ProviderCallback
    private let context: UnsafeMutableRawPointer?
    private let state = Guarded(State())
    /// The step that is being told; its memory serves for all.
    private var text = PluginText()

    init(_ callback: @escaping ProviderCallback, _ context: UnsafeMutableRawPointer?) {
        self.callback = callback
        self.context = context
    }

    /// Does `work`, and calls `ended` with what came of it.
    func launch(_ work: @escaping @Sendable () async -> PluginResult, ended: @escaping @Sendable (PluginResult) -> Void) {
        let task = Task { ended(await work()) }
        let isCancelled = state.withLock { state in
            state.task = task
            return state.isCancelled
        }
        if isCancelled { task.cancel() }
    }

    /// Ends the work early, as far as it has not ended.
    func cancel() {
        let (task, waiter) = state.withLock { state in
            state.isCancelled = true
            return (state.task, state.gate.openForGood())
        }
        task?.cancel()
        waiter?.resume()
    }

    func resume() {
        state.withLock { $0.gate.resume() }?.resume()
    }

    /// Gives events to the callback, and waits where it wants a pause.
    func give(_ events: [ProviderEvent]) async {
        text.set(events)
        state.withLock { $0.gate.callbackBegins() }
        let flow = call(PROVIDER_STEP_EVENTS, text)
        guard state.withLock({ $0.gate.callbackReturned(wantsPause: flow == PROVIDER_PAUSE) }) else { return }
        await withCheckedContinuation { waiter in
            state.withLock { $0.gate.wait(waiter) }?.resume()
        }
    }

    /// The last step. The callback and its context are not touched again.
    func giveLast(_ result: PluginResult) {
        switch result {
        case .response(nil): _ = call(PROVIDER_STEP_RESPONSE, PluginText())
        case .response(let json?): _ = call(PROVIDER_STEP_RESPONSE, PluginText(json))
        case .error(let error): _ = call(PROVIDER_STEP_ERROR, PluginText(error.json))
        }
    }

    private func call(_ step: Int, _ text: borrowing PluginText) -> Int {
        text.withChars { start, size in
            CallbackThread.run { Int(callback(context, ProviderStep(step), start, size)) }
        }
    }
}

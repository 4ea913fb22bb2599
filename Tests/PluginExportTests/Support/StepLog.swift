import CProviderPlugin
import Locks

/// What a call tells its callback, in order. The context that the callback gets is freed in the last step, as a host may.
final class StepLog: Sendable {
    struct Step: Sendable, Equatable {
        var kind: ProviderStep
        var text: String
    }

    private struct State {
        var steps: [Step] = []
        var underWay = 0
        /// What must never happen.
        var mistakes: [String] = []
        var waiters: [CheckedContinuation<Step, Never>] = []
    }

    /// The place for the call's handle, written before the first step.
    nonisolated(unsafe) let place = UnsafeMutablePointer<OpaquePointer?>.allocate(capacity: 1)
    private let react: @Sendable (StepLog, Step) -> ProviderFlow
    private let state = Guarded(State())

    init(_ react: @escaping @Sendable (StepLog, Step) -> ProviderFlow = { _, _ in .goOn }) {
        self.react = react
        place.initialize(to: nil)
    }

    deinit { place.deallocate() }

    /// The context for one call.
    var context: UnsafeMutableRawPointer { Unmanaged.passRetained(self).toOpaque() }

    var steps: [Step] { state.withLock { $0.steps } }
    var events: [String] { steps.filter { $0.kind == .events }.map(\.text) }
    var mistakes: [String] { state.withLock { $0.mistakes } }

    /// Waits for the last step.
    func last() async -> Step {
        await withCheckedContinuation { waiter in
            let last = state.withLock { state in
                let last = state.steps.last.flatMap { $0.kind == .events ? nil : $0 }
                if last == nil { state.waiters.append(waiter) }
                return last
            }
            if let last { waiter.resume(returning: last) }
        }
    }

    fileprivate func take(_ step: Step, mistake: String?) -> ProviderFlow {
        state.withLock { state in
            if let mistake { state.mistakes.append(mistake) }
            if state.underWay > 0 { state.mistakes.append("two callbacks at once") }
            if let last = state.steps.last, last.kind != .events { state.mistakes.append("\(step) behind the last step") }
            state.underWay += 1
            state.steps.append(step)
        }
        let flow = react(self, step)
        let waiters = state.withLock { state in
            state.underWay -= 1
            guard step.kind != .events else { return [CheckedContinuation<Step, Never>]() }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(returning: step) }
        return flow
    }
}

extension ProviderStep {
    static let events = ProviderStep(PROVIDER_STEP_EVENTS)
    static let response = ProviderStep(PROVIDER_STEP_RESPONSE)
    static let error = ProviderStep(PROVIDER_STEP_ERROR)
}

extension ProviderFlow {
    static let goOn = ProviderFlow(PROVIDER_CONTINUE)
    static let pause = ProviderFlow(PROVIDER_PAUSE)
}

/// The callback of every call: `context` is a `StepLog`, held once.
func onStep(_ context: UnsafeMutableRawPointer?, _ step: ProviderStep, _ json: UnsafePointer<CChar>?, _ size: Int) -> ProviderFlow {
    guard let context else { return .goOn }
    let log = Unmanaged<StepLog>.fromOpaque(context)
    let text = json.map { String(decoding: UnsafeRawBufferPointer(start: $0, count: size), as: UTF8.self) }
    var mistake = json == nil ? "json is NULL" : nil
    if let json, json[size] != 0 { mistake = "there is no NUL behind the text" }
    let flow = log.takeUnretainedValue().take(StepLog.Step(kind: step, text: text ?? ""), mistake: mistake)
    if step != .events { log.release() }
    return flow
}

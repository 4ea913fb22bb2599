import JSON
import Locks
import ProviderKit

/// An answer of a plugin as it arrives: the call begins when it is first read, and ends when the last reference goes.
final class PluginResponseSource: ResponseSource {
    private enum Phase {
        case ready
        case answering(PluginCall)
        /// The next read tells what is wrong: what came before it was handed over first.
        case failing(ProviderError)
        case over
    }

    private struct State {
        var phase = Phase.ready
        var isReading = false
        /// The answer's last event has come.
        var isFinished = false
        /// What was handed over.
        var answer = ResponseGatherer()

        /// Takes events in.
        /// - Returns: those that belong to the answer; behind its last event none does.
        mutating func take(_ events: [ProviderEvent]) -> [ProviderEvent] {
            guard !isFinished else { return [] }
            for (index, event) in events.enumerated() {
                answer.add(event)
                if case .finished = event {
                    isFinished = true
                    return Array(events[...index])
                }
            }
            return events
        }
    }

    private let instance: PluginInstance
    private let request: ChatRequest
    private let options: JSONObject
    private let provider: String
    private let state = Guarded(State())

    /// An answer.
    /// - Parameter provider: the name of whose answer it is, for errors.
    init(_ instance: PluginInstance, _ request: ChatRequest, options: JSONObject, provider: String) {
        self.instance = instance
        self.request = request
        self.options = options
        self.provider = provider
    }

    /// The thread of the plugin's callbacks.
    var executor: (any TaskExecutor)? { CallbackExecutor.shared }

    func next() async throws(ProviderError) -> [ProviderEvent]? {
        let phase = state.withLock { state -> Phase? in
            guard !state.isReading else { return nil }
            state.isReading = true
            return state.phase
        }
        guard let phase else { throw ProviderError(.other, "an answer is read by two tasks at once") }
        defer { state.withLock { $0.isReading = false } }
        do throws(ProviderError) {
            let call: PluginCall
            switch phase {
            case .over: return nil
            case .failing(let error): throw error
            case .answering(let known): call = known
            case .ready:
                call = try instance.start(request.json, options: options)
                state.withLock { $0.phase = .answering(call) }
            }
            return try await events(of: call)
        } catch {
            // What is still under way of the call ends with it.
            let answer = state.withLock { state in
                state.phase = .over
                return state.answer
            }
            throw complete(error, answer)
        }
    }

    private func events(of call: PluginCall) async throws(ProviderError) -> [ProviderEvent]? {
        while true {
            switch await call.next() {
            case .events(let steps):
                let (events, error) = Self.events(steps)
                let taken = state.withLock { state in
                    let taken = state.take(events)
                    // Behind the last event nothing counts.
                    if let error, !state.isFinished { state.phase = .failing(error) }
                    return taken
                }
                if !taken.isEmpty { return taken }
                if let error, !state.withLock({ $0.isFinished }) { throw error }
            case .end(.error(let json)): throw .plugin(json)
            case .end(.breach(let problem)): throw .plugin(problem)
            case .end(.abandoned): throw Self.cancelled
            case .end(.response):
                let isFinished = state.withLock { state in
                    state.phase = .over
                    return state.isFinished
                }
                if isFinished { return nil }
                throw Task.isCancelled ? Self.cancelled : .plugin("the answer ended without its last event")
            }
        }
    }

    private static let cancelled = ProviderError(.cancelled, "the call was cancelled")

    /// The error with whose it is, and what had arrived of the answer, where it does not say so itself.
    private func complete(_ error: ProviderError, _ answer: ResponseGatherer) -> ProviderError {
        var error = error
        error.provider = error.provider ?? provider
        if error.partialResponse == nil, answer.hasContent { error.partialResponse = answer.response }
        return error
    }

    /// The events of steps up to the first that cannot be read, and what is wrong with that one.
    private static func events(_ steps: [[UInt8]]) -> (events: [ProviderEvent], error: ProviderError?) {
        var events: [ProviderEvent] = []
        for step in steps {
            // The result carries the failure out of the closure, whose own errors have no type.
            let read = step.withUnsafeBufferPointer { json in
                Result { () throws(ContractError) in try ProviderEvent.batch(parsing: json) }
            }
            switch read {
            case .success(let batch): events += batch
            case .failure(let error): return (events, .plugin("an event cannot be read: \(error)"))
            }
        }
        return (events, nil)
    }
}

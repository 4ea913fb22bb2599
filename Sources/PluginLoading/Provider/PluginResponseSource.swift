import JSON
import Locks
import ProviderKit

/// An answer of a plugin as it arrives: the call begins when it is first read, and ends when the last reference goes.
final class PluginResponseSource: ResponseSource {
    private enum Phase {
        case ready
        case answering(PluginCall)
        case over
    }

    private struct State {
        var phase = Phase.ready
        var isReading = false
        /// The answer's last event has come.
        var isFinished = false
    }

    private let instance: PluginInstance
    private let request: ChatRequest
    private let options: JSONObject
    private let state = Guarded(State())

    init(_ instance: PluginInstance, _ request: ChatRequest, options: JSONObject) {
        self.instance = instance
        self.request = request
        self.options = options
    }

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
            case .answering(let known): call = known
            case .ready:
                call = try instance.start(request.json, options: options)
                state.withLock { $0.phase = .answering(call) }
            }
            return try await events(of: call)
        } catch {
            // What is still under way of the call ends with it.
            state.withLock { $0.phase = .over }
            throw error
        }
    }

    private func events(of call: PluginCall) async throws(ProviderError) -> [ProviderEvent]? {
        while true {
            switch await call.next() {
            case .events(let steps):
                let events = try Self.events(steps)
                guard let last = events.last else { continue }
                if case .finished = last { state.withLock { $0.isFinished = true } }
                return events
            case .end(.error(let json)): throw .plugin(json)
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

    private static func events(_ steps: [[UInt8]]) throws(ProviderError) -> [ProviderEvent] {
        var events: [ProviderEvent] = []
        for step in steps {
            // The result carries the failure out of the closure, whose own errors have no type.
            let read = step.withUnsafeBufferPointer { json in
                Result { () throws(ContractError) in try ProviderEvent.batch(parsing: json) }
            }
            switch read {
            case .success(let batch): events += batch
            case .failure(let error): throw .plugin("an event cannot be read: \(error)")
            }
        }
        return events
    }
}

import CProviderPlugin
import JSON
import Locks
import ProviderKit

/// A provider with the calls that are under way.
final class PluginInstance: Sendable {
    private struct State {
        var isClosed = false
        /// The provider's own end is over.
        var isProviderClosed = false
        var calls: [ObjectIdentifier: PluginCall] = [:]
    }

    let provider: any Provider
    private let host: HostTable
    private let state = Monitor(State())

    init(_ provider: any Provider, host: HostTable) {
        self.provider = provider
        self.host = host
    }

    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// What `info` tells.
    var json: JSONValue {
        [
            "name": .string(provider.name), "priority": .integer(provider.priority), "info": provider.info.json,
            "model_info": provider.modelInfo?.json ?? .null,
        ]
    }

    /// Begins a call whose handle is in `handle` before its callback is called.
    /// - Throws: where the instance was closed.
    func start(
        _ call: PluginCall, _ handle: UnsafeMutablePointer<OpaquePointer?>, _ work: @escaping @Sendable () async -> PluginResult
    ) throws(PluginFailure) {
        let isOpen = state.withLock { state in
            if !state.isClosed { state.calls[ObjectIdentifier(call)] = call }
            return !state.isClosed
        }
        guard isOpen else { throw .closed }
        handle.pointee = Handles.calls.add(call)
        call.launch(work) { [self] result in
            call.giveLast(result.naming(provider.name))
            state.withLock { _ = $0.calls.removeValue(forKey: ObjectIdentifier(call)) }
        }
    }

    /// Cancels all calls, closes the provider, and blocks the thread until the last function of the host has returned.
    func close() {
        let (calls, isFirst) = state.withLock { state in
            defer { state.isClosed = true }
            return (Array(state.calls.values), !state.isClosed)
        }
        for call in calls { call.cancel() }
        if isFirst {
            Task {
                await provider.close()
                state.withLock { $0.isProviderClosed = true }
            }
        }
        state.wait { $0.isProviderClosed && $0.calls.isEmpty }
        host.close()
    }
}

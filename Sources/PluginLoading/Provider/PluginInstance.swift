import CProviderPlugin
import JSON
import Locks
import ProviderKit

/// A provider that a plugin has made. When the last reference goes, it is closed and freed.
final class PluginInstance: @unchecked Sendable {
    // @unchecked: the handle may be used on any thread, by several at once.
    let table: PluginTable
    private let handle: OpaquePointer
    /// Held for the plugin until it was freed.
    private let host: Unmanaged<PluginHost>
    private let patience: Duration

    /// Makes a provider.
    /// - Parameter patience: how long the end of a call is waited for that was cancelled.
    /// - Throws: `ProviderError`, as the plugin says why.
    init(_ table: PluginTable, setup: JSONObject, host: PluginHost, patience: Duration) throws(ProviderError) {
        let held = Unmanaged.passRetained(host)
        var functions = PluginHost.table(context: held.toOpaque())
        var handle: OpaquePointer?
        var error = ProviderBytes()
        let status = PluginTable.withText(.object(setup)) { table.create(&functions, $0, $1, &handle, &error) }
        let json = table.take(&error)
        guard status == PluginStatus.ok, let handle else {
            held.release()
            throw Self.failure(status, json, of: "create")
        }
        self.table = table
        self.handle = handle
        self.host = held
        self.patience = patience
    }

    deinit {
        // It waits for callbacks, and this may be one of them, or a thread that many tasks share.
        let (table, host) = (table, host)
        nonisolated(unsafe) let handle = handle
        _ = BackgroundThread.start {
            _ = table.free(handle)
            host.release()
        }
    }

    /// What the provider says of itself.
    /// - Throws: `ProviderError`.
    func info() throws(ProviderError) -> JSONValue {
        try json("info") { table.info(handle, $0) }
    }

    /// The tool calls of an answer.
    /// - Throws: `ProviderError`.
    func parseToolCalls(_ response: JSONValue) throws(ProviderError) -> JSONValue {
        try json("parse_tool_calls") { bytes in PluginTable.withText(response) { table.parseToolCalls(handle, $0, $1, bytes) } }
    }

    /// Asks the model.
    /// - Throws: `ProviderError`, where the plugin does not take the request.
    func start(_ request: JSONValue, options: JSONObject) throws(ProviderError) -> PluginCall {
        try call("start") { context, call, error in
            PluginTable.withText(request) { text, size in
                let wants = UInt32(PROVIDER_WANT_EVENTS)
                guard !options.isEmpty else {
                    return table.start(handle, text, size, nil, 0, wants, takePluginStep, context, call, error)
                }
                return PluginTable.withText(.object(options)) { options, optionsSize in
                    table.start(handle, text, size, options, optionsSize, wants, takePluginStep, context, call, error)
                }
            }
        }
    }

    /// Asks for the models.
    /// - Throws: `ProviderError`.
    func listModels() throws(ProviderError) -> PluginCall {
        try call("list_models") { context, call, _ in table.listModels(handle, takePluginStep, context, call) }
    }

    /// Finds out what `info` tells.
    /// - Throws: `ProviderError`.
    func prepare() throws(ProviderError) -> PluginCall {
        try call("prepare") { context, call, _ in table.prepare(handle, takePluginStep, context, call) }
    }

    /// Cancels all calls and waits for the plugin's callbacks to return.
    func close() { _ = table.close(handle) }

    private func json(_ function: String, _ body: (PluginTable.Bytes) -> ProviderStatus) throws(ProviderError) -> JSONValue {
        var bytes = ProviderBytes()
        let status = body(&bytes)
        let text = table.take(&bytes)
        guard status == PluginStatus.ok else { throw Self.failure(status, text, of: function) }
        do { return try JSONValue(parsing: text) } catch { throw .plugin("\(function) returned what is not JSON: \(error)") }
    }

    private func call(
        _ function: String, _ body: (PluginTable.Context, PluginTable.Start, PluginTable.Bytes) -> ProviderStatus
    ) throws(ProviderError) -> PluginCall {
        let sink = PluginSink()
        guard let context = PluginSink.open.add(sink) else { throw ProviderError(.other, "there are too many calls") }
        var handle: OpaquePointer?
        var error = ProviderBytes()
        let status = body(PluginTable.Context(context), &handle, &error)
        let json = table.take(&error)
        guard status == PluginStatus.ok, let handle else {
            _ = PluginSink.open.remove(context)
            throw Self.failure(status, json, of: function)
        }
        return PluginCall(handle, of: self, sink, patience: patience)
    }

    private static func failure(_ status: ProviderStatus, _ json: [UInt8], of function: String) -> ProviderError {
        switch status {
        case PluginStatus.closed: return .closedPlugin
        case _ where !json.isEmpty: return .plugin(json)
        case PluginStatus.ok: return .plugin("\(function) succeeded and gave nothing back")
        default: return .plugin("\(function) failed with the status \(status) and does not say why")
        }
    }
}

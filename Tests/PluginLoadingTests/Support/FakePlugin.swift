import CProviderPlugin
import Configuration
import JSON
import Locks
import ProviderKit

@testable import PluginLoading

/// A plugin that a test plays: its table is C, and what its functions do is said by the test.
final class FakePlugin: @unchecked Sendable {
    // @unchecked: what it does is set before it is used; the rest is behind a lock.
    /// A host's table, which is the same for all threads.
    private struct Host: @unchecked Sendable {
        let table: ProviderHost
    }

    private struct State {
        var setup: JSONValue = .null
        var host: Host?
        var closes = 0
        var frees = 0
        var openBytes = 0
        var answer = ""
    }

    static let info =
        #"{"name": "fake", "priority": 7, "info": {"id": "fake", "display_name": "Fake", "defaults": {}}, "model_info": null}"#

    /// What `create` answers: an error as JSON, or nothing.
    var createError: (ProviderStatus, String)?
    var info: @Sendable () -> (ProviderStatus, String) = { (ProviderStatus(PROVIDER_OK), FakePlugin.info) }
    var toolCalls: (ProviderStatus, String) = (ProviderStatus(PROVIDER_OK), "[]")
    /// What `start`, `list_models` and `prepare` refuse with.
    var refusal: (ProviderStatus, String)?
    /// Answers a call, inside of `start`.
    var onStart: @Sendable (FakeCall) -> Void = { _ in }
    var onCancel: @Sendable (FakeCall) -> Void = { _ in }
    var onResume: @Sendable (FakeCall) -> Void = { _ in }
    /// Runs inside of `close`.
    var onClose: @Sendable () -> Void = {}
    private let state = Guarded(State())
    private let freed = AsyncStream.makeStream(of: Void.self)

    var setup: JSONValue { state.withLock { $0.setup } }
    var host: ProviderHost? { state.withLock { $0.host }?.table }
    var closes: Int { state.withLock { $0.closes } }
    var frees: Int { state.withLock { $0.frees } }
    /// The answer whose tool calls were asked for last.
    fileprivate(set) var answer: String {
        get { state.withLock { $0.answer } }
        set { state.withLock { $0.answer = newValue } }
    }
    /// How many texts the host has not given back.
    var openBytes: Int { state.withLock { $0.openBytes } }

    /// Waits until the instance was freed.
    func waitUntilFreed() async { for await _ in freed.stream { break } }

    /// A provider of this plugin.
    func provider(
        _ configuration: ConfigurationNode? = nil, schema: ConfigurationSchema? = nil, context: ProviderContext = ProviderContext(),
        patience: Duration = .seconds(50)
    ) throws -> PluginProvider {
        var table = Self.table
        return try withUnsafePointer(to: &table) { pointer in
            let table = try PluginTable(pointer, path: "fake")
            return try Self.$current.withValue(self) {
                try PluginProvider(
                    table, configuration: configuration, path: "providers[0].config", schema: schema, context: context, patience: patience)
            }
        }
    }

    /// An instance of this plugin, without a provider around it.
    func instance(patience: Duration = .seconds(50)) throws -> PluginInstance {
        var table = Self.table
        return try withUnsafePointer(to: &table) { pointer in
            let table = try PluginTable(pointer, path: "fake")
            return try Self.$current.withValue(self) {
                try PluginInstance(table, setup: [:], host: PluginHost(ProviderContext(), name: "fake"), patience: patience)
            }
        }
    }

    /// The plugin whose `create` is called.
    @TaskLocal fileprivate static var current: FakePlugin?

    fileprivate func create(_ host: ProviderHost?, _ setup: JSONValue, _ error: PluginTable.Bytes?) -> ProviderStatus {
        let copy = host.map { Host(table: $0) }
        state.withLock { state in
            state.host = copy
            state.setup = setup
        }
        guard let (status, json) = createError else { return ProviderStatus(PROVIDER_OK) }
        write(json, error)
        return status
    }

    fileprivate func write(_ text: String, _ bytes: PluginTable.Bytes?) {
        guard let bytes, !text.isEmpty else { return }
        state.withLock { $0.openBytes += 1 }
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: text.utf8.count + 1)
        for (index, byte) in text.utf8.enumerated() { copy[index] = CChar(bitPattern: byte) }
        copy[text.utf8.count] = 0
        bytes.pointee = ProviderBytes(bytes: copy, size: text.utf8.count)
        Self.owners.withLock { $0[UInt(bitPattern: copy)] = self }
    }

    fileprivate static func freeBytes(_ bytes: PluginTable.Bytes) {
        guard let text = bytes.pointee.bytes else { return }
        owners.withLock { $0.removeValue(forKey: UInt(bitPattern: text)) }?.state.withLock { $0.openBytes -= 1 }
        text.deallocate()
        bytes.pointee = ProviderBytes()
    }

    private static let owners = Guarded<[UInt: FakePlugin]>([:])

    fileprivate func begin(
        _ request: JSONValue, _ options: JSONValue?, _ wants: UInt32, _ callback: @escaping ProviderCallback,
        _ context: UnsafeMutableRawPointer?, _ handle: PluginTable.Start?, _ error: PluginTable.Bytes?
    ) -> ProviderStatus {
        if let (status, json) = refusal {
            handle?.pointee = nil
            write(json, error)
            return status
        }
        let call = FakeCall(
            request: request, options: options, wants: wants, callback: callback, context: context, onCancel: onCancel,
            onResume: onResume)
        handle?.pointee = OpaquePointer(Unmanaged.passRetained(call).toOpaque())
        onStart(call)
        return ProviderStatus(PROVIDER_OK)
    }

    fileprivate func close() {
        state.withLock { $0.closes += 1 }
        onClose()
    }

    fileprivate func free() {
        state.withLock { $0.frees += 1 }
        freed.continuation.yield()
    }

    /// A table with all functions.
    nonisolated(unsafe) static let table = ProviderPlugin(
        abi_version: UInt32(PROVIDER_PLUGIN_ABI_VERSION), size: UInt32(MemoryLayout<ProviderPlugin>.size), name: permanent("provider-fake"),
        version: permanent("1.0"), create: fakeCreate, info: fakeInfo, prepare: fakePrepare, list_models: fakeListModels,
        start: fakeStart, resume: fakeResume, cancel: fakeCancel, release: fakeRelease, parse_tool_calls: fakeParseToolCalls,
        close: fakeClose, free: fakeFree, free_bytes: fakeFreeBytes)

    private static func permanent(_ text: String) -> UnsafePointer<CChar>? {
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: text.utf8.count + 1)
        for (index, byte) in text.utf8CString.enumerated() { copy[index] = byte }
        return UnsafePointer(copy)
    }
}

private func plugin(_ instance: OpaquePointer?) -> FakePlugin? {
    instance.map { Unmanaged<FakePlugin>.fromOpaque(UnsafeRawPointer($0)).takeUnretainedValue() }
}

private func call(_ handle: OpaquePointer?) -> FakeCall? {
    handle.map { Unmanaged<FakeCall>.fromOpaque(UnsafeRawPointer($0)).takeUnretainedValue() }
}

private func json(_ text: UnsafePointer<CChar>?, _ size: Int) -> JSONValue {
    (try? JSONValue(parsing: Array(UnsafeRawBufferPointer(start: text, count: size)))) ?? .null
}

private func fakeCreate(
    _ host: UnsafePointer<ProviderHost>?, _ setup: UnsafePointer<CChar>?, _ size: Int, _ instance: PluginTable.Start?,
    _ error: PluginTable.Bytes?
) -> ProviderStatus {
    guard let plugin = FakePlugin.current else { return ProviderStatus(PROVIDER_FAILED) }
    let status = plugin.create(host?.pointee, json(setup, size), error)
    if status == ProviderStatus(PROVIDER_OK) { instance?.pointee = OpaquePointer(Unmanaged.passRetained(plugin).toOpaque()) }
    return status
}

private func fakeInfo(_ instance: OpaquePointer?, _ bytes: PluginTable.Bytes?) -> ProviderStatus {
    guard let plugin = plugin(instance) else { return ProviderStatus(PROVIDER_INVALID_ARGUMENT) }
    let (status, text) = plugin.info()
    plugin.write(text, bytes)
    return status
}

private func fakePrepare(
    _ instance: OpaquePointer?, _ callback: ProviderCallback?, _ context: UnsafeMutableRawPointer?, _ handle: PluginTable.Start?
) -> ProviderStatus {
    guard let callback else { return ProviderStatus(PROVIDER_INVALID_ARGUMENT) }
    return plugin(instance)?.begin("prepare", nil, 0, callback, context, handle, nil) ?? ProviderStatus(PROVIDER_FAILED)
}

private func fakeListModels(
    _ instance: OpaquePointer?, _ callback: ProviderCallback?, _ context: UnsafeMutableRawPointer?, _ handle: PluginTable.Start?
) -> ProviderStatus {
    guard let callback else { return ProviderStatus(PROVIDER_INVALID_ARGUMENT) }
    return plugin(instance)?.begin("list_models", nil, 0, callback, context, handle, nil) ?? ProviderStatus(PROVIDER_FAILED)
}

private func fakeStart(
    _ instance: OpaquePointer?, _ request: UnsafePointer<CChar>?, _ size: Int, _ options: UnsafePointer<CChar>?, _ optionsSize: Int,
    _ wants: UInt32, _ callback: ProviderCallback?, _ context: UnsafeMutableRawPointer?, _ handle: PluginTable.Start?,
    _ error: PluginTable.Bytes?
) -> ProviderStatus {
    guard let callback else { return ProviderStatus(PROVIDER_INVALID_ARGUMENT) }
    let given = options.map { json($0, optionsSize) }
    return plugin(instance)?.begin(json(request, size), given, wants, callback, context, handle, error) ?? ProviderStatus(PROVIDER_FAILED)
}

private func fakeResume(_ handle: OpaquePointer?) -> ProviderStatus {
    call(handle)?.resume()
    return ProviderStatus(PROVIDER_OK)
}

private func fakeCancel(_ handle: OpaquePointer?) -> ProviderStatus {
    call(handle)?.cancel()
    return ProviderStatus(PROVIDER_OK)
}

private func fakeRelease(_ handle: OpaquePointer?) -> ProviderStatus {
    guard let handle else { return ProviderStatus(PROVIDER_INVALID_ARGUMENT) }
    Unmanaged<FakeCall>.fromOpaque(UnsafeRawPointer(handle)).takeRetainedValue().release()
    return ProviderStatus(PROVIDER_OK)
}

private func fakeParseToolCalls(
    _ instance: OpaquePointer?, _ response: UnsafePointer<CChar>?, _ size: Int, _ bytes: PluginTable.Bytes?
) -> ProviderStatus {
    guard let plugin = plugin(instance), let response else { return ProviderStatus(PROVIDER_INVALID_ARGUMENT) }
    plugin.answer = String(decoding: UnsafeRawBufferPointer(start: response, count: size), as: UTF8.self)
    plugin.write(plugin.toolCalls.1, bytes)
    return plugin.toolCalls.0
}

private func fakeClose(_ instance: OpaquePointer?) -> ProviderStatus {
    plugin(instance)?.close()
    return ProviderStatus(PROVIDER_OK)
}

private func fakeFree(_ instance: OpaquePointer?) -> ProviderStatus {
    guard let instance else { return ProviderStatus(PROVIDER_INVALID_ARGUMENT) }
    Unmanaged<FakePlugin>.fromOpaque(UnsafeRawPointer(instance)).takeRetainedValue().free()
    return ProviderStatus(PROVIDER_OK)
}

private func fakeFreeBytes(_ bytes: PluginTable.Bytes?) { if let bytes { FakePlugin.freeBytes(bytes) } }

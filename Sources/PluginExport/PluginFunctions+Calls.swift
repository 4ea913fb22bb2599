import CProviderPlugin
import JSON
import Locks
import ProviderKit

// The functions of the table on calls, as `provider_plugin.h` describes them.

func pluginStart(
    _ handle: OpaquePointer?, _ request: UnsafePointer<CChar>?, _ requestSize: Int, _ options: UnsafePointer<CChar>?, _ optionsSize: Int,
    _ wants: UInt32, _ callback: ProviderCallback?, _ context: UnsafeMutableRawPointer?, _ call: UnsafeMutablePointer<OpaquePointer?>?,
    _ error: UnsafeMutablePointer<ProviderBytes>?
) -> ProviderStatus {
    call?.pointee = nil
    return telling(error) { () throws(PluginFailure) in
        let (instance, started, place) = try newCall(handle, callback, context, call)
        let wants = try PluginWants(checking: wants)
        let request = try JSONValue(text: request, requestSize, "request").read("request", ChatRequest.init(json:))
        let options =
            options == nil ? [:] : try JSONValue(text: options, optionsSize, "options").read("options", MemberReader.object)
        try instance.start(started, place) { await instance.answer(request, options: options, wants: wants, started) }
    }
}

func pluginListModels(
    _ handle: OpaquePointer?, _ callback: ProviderCallback?, _ context: UnsafeMutableRawPointer?,
    _ call: UnsafeMutablePointer<OpaquePointer?>?
) -> ProviderStatus {
    begin(handle, callback, context, call) { await $0.listModels() }
}

func pluginPrepare(
    _ handle: OpaquePointer?, _ callback: ProviderCallback?, _ context: UnsafeMutableRawPointer?,
    _ call: UnsafeMutablePointer<OpaquePointer?>?
) -> ProviderStatus {
    begin(handle, callback, context, call) { await $0.prepare() }
}

private func begin(
    _ handle: OpaquePointer?, _ callback: ProviderCallback?, _ context: UnsafeMutableRawPointer?,
    _ call: UnsafeMutablePointer<OpaquePointer?>?, _ work: @escaping @Sendable (PluginInstance) async -> PluginResult
) -> ProviderStatus {
    call?.pointee = nil
    return telling(nil) { () throws(PluginFailure) in
        let (instance, started, place) = try newCall(handle, callback, context, call)
        try instance.start(started, place) { await work(instance) }
    }
}

func pluginResume(_ handle: OpaquePointer?) -> ProviderStatus {
    guard let call = Handles.calls[handle] else { return PluginStatus.invalidArgument }
    call.resume()
    return PluginStatus.ok
}

func pluginCancel(_ handle: OpaquePointer?) -> ProviderStatus {
    guard let call = Handles.calls[handle] else { return PluginStatus.invalidArgument }
    call.cancel()
    return PluginStatus.ok
}

func pluginRelease(_ handle: OpaquePointer?) -> ProviderStatus {
    guard let call = Handles.calls.remove(handle) else { return PluginStatus.invalidArgument }
    call.cancel()
    return PluginStatus.ok
}

/// A call that was not begun, with the instance that is to do it and the place for its handle. An instance that was closed says so before
/// anything is read.
private func newCall(
    _ handle: OpaquePointer?, _ callback: ProviderCallback?, _ context: UnsafeMutableRawPointer?,
    _ call: UnsafeMutablePointer<OpaquePointer?>?
) throws(PluginFailure) -> (PluginInstance, PluginCall, UnsafeMutablePointer<OpaquePointer?>) {
    let instance = try PluginInstance.find(handle)
    guard let callback else { throw .isNull("callback") }
    guard let call else { throw .isNull("call") }
    guard !instance.isClosed else { throw .closed }
    return (instance, PluginCall(callback, context), call)
}

import CProviderPlugin
import JSON
import Locks
import ProviderKit

// The functions of the table on instances, as `provider_plugin.h` describes them.

func pluginInfo(_ handle: OpaquePointer?, _ json: UnsafeMutablePointer<ProviderBytes>?) -> ProviderStatus {
    telling(json) { () throws(PluginFailure) in
        let instance = try PluginInstance.find(handle)
        json?.pointee = PluginText(instance.json).copy()
    }
}

func pluginParseToolCalls(
    _ handle: OpaquePointer?, _ response: UnsafePointer<CChar>?, _ size: Int, _ json: UnsafeMutablePointer<ProviderBytes>?
) -> ProviderStatus {
    telling(json) { () throws(PluginFailure) in
        let instance = try PluginInstance.find(handle)
        let response = try JSONValue(text: response, size, "response").read("response", ChatResponse.init(json:))
        json?.pointee = PluginText(.array(instance.provider.parseToolCalls(response).map(\.json))).copy()
    }
}

func pluginClose(_ handle: OpaquePointer?) -> ProviderStatus {
    guard let instance = Handles.instances[handle] else { return PluginStatus.invalidArgument }
    guard !CallbackThread.isInside else { return PluginStatus.wrongThread }
    instance.close()
    return PluginStatus.ok
}

func pluginFree(_ handle: OpaquePointer?) -> ProviderStatus {
    let status = pluginClose(handle)
    // Not before it is closed: until then the host's functions may come back with the handle.
    if status == PluginStatus.ok { _ = Handles.instances.remove(handle) }
    return status
}

extension PluginInstance {
    static func find(_ handle: OpaquePointer?) throws(PluginFailure) -> PluginInstance {
        guard handle != nil else { throw .isNull("instance") }
        guard let instance = Handles.instances[handle] else { throw .unknownInstance }
        return instance
    }
}

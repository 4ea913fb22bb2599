import CProviderPlugin
import JSON
import ProviderKit

/// What a provider of a plugin finds of its host, behind the host table's context.
final class PluginHost: Sendable {
    private let context: ProviderContext
    /// The provider's name in events.
    private let name: String

    init(_ context: ProviderContext, name: String) {
        self.context = context
        self.name = name
    }

    /// The table that a plugin gets and copies.
    static func table(context: UnsafeMutableRawPointer) -> ProviderHost {
        ProviderHost(
            abi_version: UInt32(PROVIDER_PLUGIN_ABI_VERSION), size: UInt32(MemoryLayout<ProviderHost>.size), context: context,
            wants: hostWants, emit: hostEmit, log: hostLog, keep_secret: hostKeepSecret)
    }

    fileprivate func wants(_ event: String) -> Bool { context.events.wants(event) }

    fileprivate func emit(_ event: String, _ json: UnsafeBufferPointer<UInt8>?) {
        guard wants(event) else { return }
        guard let json, let data = (try? JSONValue(parsing: json))?.object else {
            return warn("the data of the event \(JSONValue.string(event)) is no JSON object, and the event was left out", "WARNING")
        }
        context.events.emit(event, data)
    }

    /// What is worth a warning is one in the session; the rest is for whoever develops the plugin, who has a debugger.
    fileprivate func log(_ level: Int32, _ message: String) {
        guard level >= Int32(PROVIDER_LOG_WARNING) else { return }
        warn(message, level == Int32(PROVIDER_LOG_WARNING) ? "WARNING" : "ERROR")
    }

    fileprivate func keepSecret(_ secret: String) { context.keepSecret(secret) }

    private func warn(_ message: String, _ level: String) {
        guard context.events.wants(EventName.providerWarning) else { return }
        var data: JSONObject = ["provider": .string(name), "message": .string(message), "lvl": .string(level)]
        data["instance_id"] = context.instanceID.map { .string($0) }
        context.events.emit(EventName.providerWarning, data)
    }
}

private func host(_ context: UnsafeMutableRawPointer?) -> PluginHost? {
    context.map { Unmanaged<PluginHost>.fromOpaque($0).takeUnretainedValue() }
}

/// `nil` for what cannot have that size.
private func text(_ start: UnsafePointer<CChar>?, _ size: Int) -> String? {
    PluginTable.bytes(start, size).map { String(decoding: $0, as: UTF8.self) }
}

private func hostWants(_ context: UnsafeMutableRawPointer?, _ event: UnsafePointer<CChar>?) -> Int32 {
    guard let host = host(context), let event else { return 0 }
    return host.wants(String(cString: event)) ? 1 : 0
}

private func hostEmit(
    _ context: UnsafeMutableRawPointer?, _ event: UnsafePointer<CChar>?, _ data: UnsafePointer<CChar>?, _ size: Int
) {
    guard let host = host(context), let event, let data else { return }
    host.emit(String(cString: event), PluginTable.bytes(data, size)?.bindMemory(to: UInt8.self))
}

private func hostLog(_ context: UnsafeMutableRawPointer?, _ level: Int32, _ message: UnsafePointer<CChar>?, _ size: Int) {
    guard let message = text(message, size) else { return }
    host(context)?.log(level, message)
}

private func hostKeepSecret(_ context: UnsafeMutableRawPointer?, _ secret: UnsafePointer<CChar>?, _ size: Int) {
    guard let secret = text(secret, size) else { return }
    host(context)?.keepSecret(secret)
}

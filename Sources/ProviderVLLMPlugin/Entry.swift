public import CProviderPlugin
import PluginExport
import ProviderKit
import VLLMProvider

/// The one function that the plugin exports: its table of functions, whatever version the host speaks.
@c(provider_plugin)
public func providerPlugin(_ abiVersion: UInt32) -> UnsafePointer<ProviderPlugin> { table }

// nonisolated(unsafe): it is written once, and never changed.
private nonisolated(unsafe) let table = PluginExport.table(
    name: VLLMProvider.moduleName, version: VLLMProvider.version, create: createProvider)

/// Of all instances.
private let transports = TransportPool()

private func createProvider(
    _ host: UnsafePointer<ProviderHost>?, _ setup: UnsafePointer<CChar>?, _ size: Int, _ instance: UnsafeMutablePointer<OpaquePointer?>?,
    _ error: UnsafeMutablePointer<ProviderBytes>?
) -> ProviderStatus {
    PluginExport.create(host, setup, size, instance, error) { configuration, path, context in
        try ProcFileSystem.check()
        return try VLLMProvider(configuration: configuration, path: path, transports: transports, context: context)
    }
}

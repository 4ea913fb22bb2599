public import CProviderPlugin
public import Configuration
import JSON
import Locks
public import ProviderKit

/// A provider of this package behind the C functions of `provider_plugin.h`.
///
/// A library that is to be a plugin exports `provider_plugin`, which returns one `table`; the table's `create` is a C function of the
/// library's own that calls `create` here with what makes its providers. Everything else is the same for all.
public enum PluginExport {
    /// A table's first function.
    public typealias Create =
        @convention(c) (
            UnsafePointer<ProviderHost>?, UnsafePointer<CChar>?, Int, UnsafeMutablePointer<OpaquePointer?>?,
            UnsafeMutablePointer<ProviderBytes>?
        ) -> ProviderStatus

    /// A table of functions, which lives as long as the process: to be made once.
    public static func table(name: String, version: String, create: Create) -> UnsafePointer<ProviderPlugin> {
        let table = UnsafeMutablePointer<ProviderPlugin>.allocate(capacity: 1)
        table.initialize(
            to: ProviderPlugin(
                abi_version: PROVIDER_PLUGIN_ABI_VERSION, size: UInt32(MemoryLayout<ProviderPlugin>.size),
                name: UnsafePointer(PluginText.permanent(name)), version: UnsafePointer(PluginText.permanent(version)), create: create,
                info: pluginInfo, prepare: pluginPrepare, list_models: pluginListModels, start: pluginStart, resume: pluginResume,
                cancel: pluginCancel, release: pluginRelease, parse_tool_calls: pluginParseToolCalls, close: pluginClose,
                free: pluginFree, free_bytes: pluginFreeBytes))
        return UnsafePointer(table)
    }

    /// What a table's `create` does.
    /// - Parameter make: makes the provider out of the configuration, its place in the mount plan and what the host gives. A
    ///   `ConfigurationError` and a `ProviderError` are told to the host as they are.
    public static func create(
        _ host: UnsafePointer<ProviderHost>?, _ setup: UnsafePointer<CChar>?, _ size: Int,
        _ instance: UnsafeMutablePointer<OpaquePointer?>?, _ error: UnsafeMutablePointer<ProviderBytes>?,
        make: (ConfigurationNode?, String, ProviderContext) throws -> any Provider
    ) -> ProviderStatus {
        instance?.pointee = nil
        return telling(error) { () throws(PluginFailure) in
            guard let instance else { throw .isNull("instance") }
            let hostTable = HostTable(try ProviderHost(checking: host))
            let setup = try JSONValue(text: setup, size, "setup").read("setup", PluginSetup.init(json:))
            do {
                let provider = try make(setup.configuration, setup.path, setup.context(for: hostTable))
                instance.pointee = Handles.instances.add(PluginInstance(provider, host: hostTable))
            } catch {
                // What the attempt has left behind must not come back to the host.
                hostTable.close()
                throw PluginFailure(creating: error)
            }
        }
    }
}

import Configuration
import JSON
import PluginLoading
import ProviderKit
import ProviderVLLMPlugin
import Testing
import VLLMProvider
import VLLMSimulator

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// How a host has the vLLM provider: built in, or behind the functions of the plugin ABI.
enum ProviderKind: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case builtIn = "built in"
    case plugin = "as a plugin"

    /// A provider of a simulated server. It does not try again, unless the settings say so.
    func provider(
        _ settings: JSONObject = [:], of simulator: VLLMSimulator, events: any EventSink = NoEvents()
    ) throws -> any Provider {
        var configuration: JSONObject = ["base_url": .string(simulator.baseURL), "max_retries": 0]
        configuration.merge(settings)
        let node = ConfigurationNode(json: .object(configuration), origin: .program("a test"))
        return try provider(node, context: ProviderContext(events: events, instanceID: "big", sessionID: "s"))
    }

    /// A provider as a mount plan has it.
    func provider(_ node: ConfigurationNode?, context: ProviderContext) throws -> any Provider {
        let path = "providers[0].config"
        switch self {
        case .builtIn: return try VLLMProvider(configuration: node, path: path, context: context)
        case .plugin:
            if let folder = Self.builtPlugin {
                let plugin = try PluginFolders(roots: []).plugin(VLLMProvider.moduleName, at: folder)
                return try plugin.makeProvider(configuration: node, path: path, context: context)
            }
            let table = try PluginTable(providerPlugin(1), path: "in this process")
            return try PluginProvider(table, configuration: node, path: path, schema: VLLMProvider.schema, context: context)
        }
    }

    /// The folder of the library as it is built, where `make test-plugin` names one; else the plugin's functions in this process.
    private static let builtPlugin = getenv("VLLM_TEST_PLUGIN").map { String(cString: $0) }

    var testDescription: String { rawValue }
}

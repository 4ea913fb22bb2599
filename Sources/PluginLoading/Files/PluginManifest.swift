import CProviderPlugin
public import Configuration
import JSON

/// What a plugin says of itself, in the file `manifest.json` beside its library:
///
/// ```json
/// {"id": "provider-vllm", "name": "vLLM", "version": "1.0", "abi_version": 1, "type": "provider",
///  "entry": {"library": "libprovider-vllm.so", "symbol": "provider_plugin"}, "sha256": "…", "config_schema": {…}}
/// ```
public struct PluginManifest: Sendable, Hashable {
    /// The name of the file.
    static let fileName = "manifest.json"
    /// A schema of any size that makes sense is far smaller.
    static let sizeLimit = 1 << 20

    /// The module's name in mount plans.
    public let id: String
    /// Its name for people.
    public let name: String
    /// The plugin's own version.
    public let version: String
    /// The library's file, in the same folder.
    public let library: String
    /// The name of the function that it exports.
    public let symbol: String
    /// The library's checksum: 64 hexadecimal digits in lower case.
    public let sha256: String
    /// What the configuration may hold; `nil` where the plugin does not say.
    public let schema: ConfigurationSchema?

    /// Reads a manifest.
    /// - Parameter path: the file, for messages.
    /// - Throws: `PluginError`, `invalidManifest` or `otherVersion`, which names the key.
    init(parsing bytes: [UInt8], path: String) throws(PluginError) {
        let json: JSONValue
        do { json = try JSONValue(parsing: bytes) } catch { throw PluginError(.invalidManifest, path: path, "is not JSON: \(error)") }
        guard let object = json.object else {
            throw PluginError(.invalidManifest, path: path, "expected an object, found \(json.kind)")
        }
        let reader = ManifestReader(object: object, path: path)
        id = try reader.text("id")
        guard PluginFolders.isModuleName(id) else {
            throw reader.problem("id", "\(JSONValue.string(id)) is no module's name", hint: "letters, digits, `-` and `_`")
        }
        let type = try reader.text("type")
        guard type == "provider" else {
            throw reader.problem("type", "this host loads plugins of the type \"provider\", and this is \(JSONValue.string(type))")
        }
        let version = try reader.integer("abi_version")
        guard version == Int(PROVIDER_PLUGIN_ABI_VERSION) else { throw .otherVersion("\(version)", path: path) }
        name = try reader.optionalText("name") ?? id
        self.version = try reader.optionalText("version") ?? ""
        let entry = try reader.object("entry")
        library = try entry.text("library")
        guard library != ".", library != "..", !library.contains("/"), !library.utf8.contains(0) else {
            throw entry.problem("library", "the library lies in the manifest's own folder", hint: "write the file's name alone")
        }
        symbol = try entry.optionalText("symbol") ?? PROVIDER_PLUGIN_SYMBOL
        guard !symbol.utf8.contains(0) else { throw entry.problem("symbol", "contains a NUL character") }
        let sum = try reader.text("sha256").lowercased()
        guard sum.utf8.count == 64, sum.allSatisfy(\.isHexDigit) else {
            throw reader.problem("sha256", "expected 64 hexadecimal digits", hint: "what `sha256sum` prints of the library")
        }
        sha256 = sum
        let id = id
        do {
            schema = try reader.value("config_schema").map { json throws(ConfigurationIssue) in
                try ConfigurationSchema(jsonSchema: json, name: id)
            }
        } catch {
            throw reader.problem("config_schema", error.message, hint: error.hint)
        }
    }
}

/// Reads the members of a manifest.
private struct ManifestReader {
    let object: JSONObject
    let path: String
    var prefix = ""

    func value(_ key: String) -> JSONValue? { object[key].flatMap { $0.isNull ? nil : $0 } }

    func optionalText(_ key: String) throws(PluginError) -> String? {
        guard let value = value(key) else { return nil }
        guard let text = value.string, !text.isEmpty else { throw problem(key, "expected a text, found \(value.kind)") }
        return text
    }

    func text(_ key: String) throws(PluginError) -> String {
        guard let text = try optionalText(key) else { throw problem(key, "is missing") }
        return text
    }

    func integer(_ key: String) throws(PluginError) -> Int {
        guard let value = value(key) else { throw problem(key, "is missing") }
        guard let number = value.int else { throw problem(key, "expected a whole number, found \(value.kind)") }
        return number
    }

    func object(_ key: String) throws(PluginError) -> ManifestReader {
        guard let value = value(key) else { throw problem(key, "is missing") }
        guard let object = value.object else { throw problem(key, "expected an object, found \(value.kind)") }
        return ManifestReader(object: object, path: path, prefix: "\(key).")
    }

    func problem(_ key: String, _ message: String, hint: String? = nil) -> PluginError {
        PluginError(.invalidManifest, path: path, "\(prefix)\(key): \(message)", hint: hint)
    }
}

extension PluginError {
    /// A plugin that speaks another version than this host.
    static func otherVersion(_ version: String, path: String) -> PluginError {
        PluginError(
            .otherVersion, path: path,
            "speaks version \(version) of the plugin ABI, and this host version \(PROVIDER_PLUGIN_ABI_VERSION)",
            hint: "build the plugin anew with the provider_plugin.h of version \(PROVIDER_PLUGIN_ABI_VERSION), or take a host that speaks "
                + "its version")
    }
}

public import Configuration
public import ProviderKit

/// A plugin that a mount plan names, with its manifest read. Its library is loaded when its first provider is made, and stays for as long
/// as the process.
public struct Plugin: Sendable {
    /// The folder of the plugin.
    public let path: String
    /// What the plugin says of itself.
    public let manifest: PluginManifest

    /// Reads the manifest of a plugin.
    /// - Parameters:
    ///   - path: the plugin's folder.
    ///   - module: the name by which it is asked for.
    /// - Throws: `PluginError`.
    init(path: String, module: String) throws(PluginError) {
        self.path = path
        manifest = try Self.manifest(in: try PluginFolder(path))
        guard manifest.id == module else {
            throw PluginError(
                .invalidManifest, path: "\(path)/\(PluginManifest.fileName)", "this is the module \(manifest.id), not \(module)",
                hint: "write `module: \(manifest.id)`")
        }
    }

    private static func manifest(in folder: PluginFolder) throws(PluginError) -> PluginManifest {
        let file: PluginFile
        do { file = try PluginFile(PluginManifest.fileName, in: folder) } catch {
            guard error.code == .notFound else { throw error }
            throw PluginError(.notFound, path: error.path, error.message, hint: "a plugin's folder has a manifest beside its library")
        }
        var bytes: [UInt8] = []
        try file.forEachPiece(atMost: PluginManifest.sizeLimit + 1) { bytes += $0 }
        guard bytes.count <= PluginManifest.sizeLimit else {
            throw PluginError(.invalidManifest, path: file.path, "is larger than \(PluginManifest.sizeLimit) bytes")
        }
        return try PluginManifest(parsing: bytes, path: file.path)
    }

    /// Loads the library, unless it is loaded already.
    /// - Throws: `PluginError`, where somebody else could have changed it, it is not the one of the manifest, or it is no plugin.
    public func load() throws(PluginError) -> PluginTable {
        let folder = try PluginFolder(path)
        // It may have been built anew since it was read.
        let now = try Self.manifest(in: folder)
        guard now == manifest else {
            throw PluginError(.untrusted, path: path, "the manifest was changed while it was used", hint: "try again")
        }
        return try PluginLibrary.load(manifest, in: folder)
    }

    /// Makes a provider, as an entry of a mount plan configures it. Nothing is sent.
    /// - Parameters:
    ///   - configuration: the entry's `config`.
    ///   - path: where it stands in the plan, for messages.
    ///   - context: what the host gives.
    /// - Throws: `PluginError`; `ConfigurationError` with everything that is wrong; `ProviderError`.
    public func makeProvider(configuration: ConfigurationNode?, path: String, context: ProviderContext) throws -> PluginProvider {
        try PluginProvider(load(), configuration: configuration, path: path, schema: manifest.schema, context: context)
    }
}

import Checksum
import JSON
import TestSupport
import Testing

@testable import PluginLoading

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A plugin's folder that a test makes.
struct PluginFiles {
    let path: String

    /// Makes a folder with a manifest and something in place of a library.
    /// - Parameter change: of the manifest.
    init(
        in root: String, _ module: String = "provider-x", library: [UInt8] = Array("no library".utf8),
        _ change: (inout JSONObject) -> Void = { _ in }
    ) throws {
        path = "\(root)/\(module)"
        try #require(mkdir(path, 0o755) == 0)
        try writeFile(path + "/lib.so", library)
        chmod(path + "/lib.so", 0o644)
        var manifest: JSONObject = [
            "id": .string(module), "name": "X", "version": "1.2", "abi_version": 1, "type": "provider",
            "entry": ["library": "lib.so", "symbol": "provider_plugin"], "sha256": .string(Self.sha256(library)),
        ]
        change(&manifest)
        try write(JSONValue.object(manifest).text)
    }

    /// Writes another manifest.
    func write(_ manifest: String) throws {
        try writeFile(path + "/manifest.json", manifest.utf8)
        chmod(path + "/manifest.json", 0o644)
    }

    static func sha256(_ bytes: [UInt8]) -> String {
        let sum = SHA256()
        _ = bytes.withUnsafeBytes { sum?.add($0) }
        return sum?.digest() ?? ""
    }

    /// What goes wrong with the plugin, up to its library being loaded.
    func failure(_ module: String = "provider-x") -> PluginError? {
        do {
            _ = try Plugin(path: path, module: module).load()
            return nil
        } catch { return error }
    }
}

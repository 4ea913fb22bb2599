#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Where plugins lie: each in a folder that has its module's name. Nothing is loaded that no mount plan names.
public struct PluginFolders: Sendable, Hashable {
    /// The environment variable that names further folders.
    public static let variable = "VLLM_HOST_PLUGIN_PATH"

    /// The folders that hold plugins' folders, in the order in which they are searched.
    public var roots: [String]
    /// The user's home folder.
    private let home: String?

    /// `Plugins/` of the working folder, the folders of `VLLM_HOST_PLUGIN_PATH` (with `:` between them), and
    /// `$XDG_DATA_HOME/vllm-host/plugins` (`~/.local/share/vllm-host/plugins`).
    public init(environment: [String: String]) {
        let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 }
        self.home = home
        let named = (environment[Self.variable] ?? "").split(separator: ":").map { Self.expanded(String($0), home: home) }
        // Relative ones are to be ignored, the base directory specification says.
        let data = environment["XDG_DATA_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? home.map { $0 + "/.local/share" }
        roots = ["Plugins"] + named + (data.map { [$0 + "/vllm-host/plugins"] } ?? [])
    }

    /// These folders alone.
    public init(roots: [String]) {
        self.roots = roots
        home = nil
    }

    /// The folders in which a module would lie, in the order in which they are looked at; none for what cannot be a module's name.
    public func candidates(_ module: String) -> [String] { Self.isModuleName(module) ? roots.map { "\($0)/\(module)" } : [] }

    /// The first plugin of a module's name that there is; `nil` for none.
    /// - Throws: `PluginError`, where there is one that cannot be used.
    public func plugin(_ module: String) throws(PluginError) -> Plugin? {
        guard let path = candidates(module).first(where: Self.holdsPlugin) else { return nil }
        return try Plugin(path: path, module: module)
    }

    /// The plugin that a path names: its folder, or its manifest.
    /// - Throws: `PluginError`.
    public func plugin(_ module: String, at path: String) throws(PluginError) -> Plugin {
        var path = Self.expanded(path, home: home)
        if path.hasSuffix("/" + PluginManifest.fileName) { path.removeLast(PluginManifest.fileName.count + 1) }
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return try Plugin(path: path, module: module)
    }

    /// The names of the plugins that lie there, for messages.
    public var installed: [String] {
        var names: Set<String> = []
        for root in roots {
            guard let folder = opendir(root) else { continue }
            defer { closedir(folder) }
            while let entry = readdir(folder) {
                let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
                if Self.isModuleName(name), Self.holdsPlugin("\(root)/\(name)") { names.insert(name) }
            }
        }
        return names.sorted()
    }

    /// Whether a name is one of a module, and not a way out of a folder.
    static func isModuleName(_ text: String) -> Bool {
        guard let first = text.utf8.first, first != UInt8(ascii: "-"), first != UInt8(ascii: "."), text.utf8.count < 256 else {
            return false
        }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            default: false
            }
        }
    }

    private static func holdsPlugin(_ path: String) -> Bool { access("\(path)/\(PluginManifest.fileName)", F_OK) == 0 }

    private static func expanded(_ path: String, home: String?) -> String {
        guard let home, path == "~" || path.hasPrefix("~/") else { return path }
        return home + path.dropFirst()
    }
}

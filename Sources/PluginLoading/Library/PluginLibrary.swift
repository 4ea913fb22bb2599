import CProviderPlugin
import Checksum
import Locks

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The libraries of plugins that this process has loaded. None is unloaded: its threads, and what it has left with the system, would be
/// left without their code.
enum PluginLibrary {
    private struct Loaded {
        /// The plugin's table, or why it is refused: it is there now, and another one cannot take its place in this process.
        var table: Result<PluginTable, PluginError>
        /// The file's checksum when it was loaded.
        let sha256: String
        /// They stay open: the loader knows the library by a path through a descriptor, whose number must not be somebody else's later.
        var folders: [PluginFolder] = []
    }

    private static let loaded = Guarded<[FileIdentity.Place: Loaded]>([:])

    /// Checks and loads a plugin's library; a file that was loaded before is checked and not loaded again.
    /// - Parameter afterCheck: for tests, what happens between the check and the loading.
    /// - Throws: `PluginError`.
    static func load(
        _ manifest: PluginManifest, in folder: PluginFolder, afterCheck: () -> Void = {}
    ) throws(PluginError) -> PluginTable {
        try folder.checkContents()
        let file = try PluginFile(manifest.library, in: folder)
        try check(file, sha256: manifest.sha256)
        afterCheck()
        let table = try table(of: file, manifest, in: folder)
        guard table.name == manifest.id else {
            throw PluginError(.invalidLibrary, path: file.path, "this is the module \(table.name), and its manifest says \(manifest.id)")
        }
        return table
    }

    private static func table(of file: PluginFile, _ manifest: PluginManifest, in folder: PluginFolder) throws(PluginError) -> PluginTable {
        let place = file.identity.place
        if let known = loaded.withLock({ $0[place] }) {
            guard known.sha256 == manifest.sha256 else {
                throw PluginError(
                    .untrusted, path: file.path, "was loaded before it was changed, and cannot be loaded again",
                    hint: "start the host again")
            }
            return try known.table.get()
        }
        let handle = try open(file, in: folder)
        let table = Result { () throws(PluginError) in try Self.table(of: handle, symbol: manifest.symbol, path: file.path) }
        loaded.withLock { $0[place, default: Loaded(table: table, sha256: manifest.sha256)].folders.append(folder) }
        return try table.get()
    }

    private static func check(_ file: PluginFile, sha256 expected: String) throws(PluginError) {
        let sum = SHA256()
        var isWhole = sum != nil
        try file.forEachPiece { isWhole = isWhole && sum?.add($0) == true }
        guard isWhole, let found = sum?.digest() else {
            throw PluginError(.untrusted, path: file.path, "its checksum cannot be reckoned")
        }
        guard found == expected else {
            throw PluginError(
                .untrusted, path: file.path, "its checksum is not the manifest's: sha256 is \(found), the manifest says \(expected)",
                hint: "the library was changed, or built anew without its manifest: install the plugin again")
        }
    }

    private static func open(_ file: PluginFile, in folder: PluginFolder) throws(PluginError) -> UnsafeMutableRawPointer {
        let name = file.name
        #if os(Linux)
            // By the open folder, and not by its path, which may lead to another one by now.
            let path = "/proc/self/fd/\(folder.descriptor)/\(name)"
        #else
            let path = file.path
        #endif
        guard folder.identity(of: name) == file.identity else { throw .changed(file.path) }
        guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
            throw PluginError(.invalidLibrary, path: file.path, "cannot be loaded: \(reason(path))")
        }
        return handle
    }

    private static func table(
        of handle: UnsafeMutableRawPointer, symbol: String, path: String
    ) throws(PluginError) -> PluginTable {
        guard let function = dlsym(handle, symbol) else {
            throw PluginError(
                .invalidLibrary, path: path, "does not export the function \(symbol)",
                hint: "is it a plugin? its manifest may name another `entry.symbol`")
        }
        let entry = unsafeBitCast(function, to: (@convention(c) (UInt32) -> UnsafePointer<ProviderPlugin>?).self)
        guard let plugin = entry(UInt32(PROVIDER_PLUGIN_ABI_VERSION)) else {
            throw PluginError(.invalidLibrary, path: path, "\(symbol) returned NULL, and a plugin returns a table")
        }
        return try PluginTable(plugin, path: path)
    }

    /// Why the loader does not load it, in its own words without the path, which says nothing to people.
    private static func reason(_ path: String) -> String {
        let text = dlerror().map { String(cString: $0) } ?? "the loader does not say why"
        let prefix = path + ": "
        return text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text
    }
}

extension PluginError {
    fileprivate static func changed(_ path: String) -> PluginError {
        PluginError(.untrusted, path: path, "was changed while it was loaded", hint: "try again")
    }
}

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

extension PluginFolder {
    /// Refuses a folder in which something could have been put or changed by others: the loader takes libraries that a plugin's library needs
    /// from beside it (`$ORIGIN`), and nobody has their checksums.
    /// - Throws: `PluginError`, `untrusted`.
    func checkContents() throws(PluginError) {
        // Of its own: reading a folder moves a position that all copies of a descriptor share.
        let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0 else { throw PluginError(.untrusted, path: path, failing: "read", errno) }
        guard let listing = fdopendir(copy) else {
            let code = errno
            close(copy)
            throw PluginError(.untrusted, path: path, failing: "read", code)
        }
        defer { closedir(listing) }
        while let entry = readdir(listing) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) } + [0]
            let shown = String(decoding: name.dropLast(), as: UTF8.self)
            guard shown != ".", shown != ".." else { continue }
            var status = stat()
            // A link counts as what it leads to, which is what would be loaded.
            let found = name.withUnsafeBytes { bytes in
                bytes.withMemoryRebound(to: CChar.self) { $0.baseAddress.map { fstatat(descriptor, $0, &status, 0) } ?? -1 }
            }
            guard found == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
            try Self.checkOwner(of: status, "\(path)/\(shown)")
        }
    }
}

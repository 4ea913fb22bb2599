#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The way to a plugin's folder: somebody else who could bend it would choose which of the user's folders is loaded.
enum PluginPath {
    /// Refuses a way on which another user has put a link, and one through a folder in which everybody may rename what is not theirs.
    /// - Throws: `PluginError`, `untrusted`.
    static func check(_ path: String) throws(PluginError) {
        let named = prefixes(of: path)
        for prefix in named {
            var status = stat()
            guard lstat(prefix, &status) == 0, status.st_mode & S_IFMT == S_IFLNK else { continue }
            guard isTrusted(status) else {
                throw PluginError(
                    .untrusted, path: path, "\(prefix) is a link of another user (\(status.st_uid)), who could let it lead elsewhere",
                    hint: "name the folder itself")
            }
        }
        for folder in named.dropLast() + prefixes(of: resolved(path)).dropLast() {
            var status = stat()
            guard stat(folder, &status) == 0, status.st_mode & S_IWOTH != 0, status.st_mode & S_ISVTX == 0 else { continue }
            throw PluginError(
                .untrusted, path: path, "everybody may change what lies in \(folder), on the way to it", hint: "chmod o-w \(folder)")
        }
    }

    private static func isTrusted(_ status: stat) -> Bool { status.st_uid == geteuid() || status.st_uid == 0 }

    /// The path without links; as it is where the system does not find it.
    private static func resolved(_ path: String) -> String {
        guard let text = realpath(path, nil) else { return path }
        defer { free(text) }
        return String(cString: text)
    }

    /// The paths on the way: `/a`, `/a/b` of `/a/b`; the working folder is the beginning of no other one.
    private static func prefixes(of path: String) -> [String] {
        var result: [String] = []
        var prefix = path.hasPrefix("/") ? "" : "."
        for name in path.split(separator: "/") {
            prefix += "/\(name)"
            result.append(prefix)
        }
        return result
    }
}

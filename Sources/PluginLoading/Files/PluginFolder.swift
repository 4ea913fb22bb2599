#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A plugin's folder, held open, so that what was checked is what is loaded, whatever becomes of its path.
final class PluginFolder: Sendable {
    /// The path as it was named, without slashes at its end.
    let path: String
    let descriptor: Int32

    /// Opens a folder that nobody but its user and root can change, nor what its path leads to.
    /// - Throws: `PluginError`, `notFound` or `untrusted`.
    init(_ path: String) throws(PluginError) {
        self.path = path
        guard !path.utf8.contains(0) else { throw PluginError(.notFound, path: path, "the path contains a NUL character") }
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        self.descriptor = descriptor
        guard descriptor >= 0 else {
            throw errno == ENOTDIR
                ? PluginError(.notFound, path: path, "is no folder", hint: "name the folder that holds \(PluginManifest.fileName)")
                : PluginError(errno == ENOENT ? .notFound : .untrusted, path: path, failing: "opened", errno)
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw PluginError(.untrusted, path: path, failing: "looked at", errno) }
        try Self.checkOwner(of: status, path)
        try PluginPath.check(path)
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// What a file is now; `nil` where it is not there.
    func identity(of name: String) -> FileIdentity? {
        var status = stat()
        return fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? FileIdentity(status) : nil
    }

    /// Refuses what others than the user and root could have put there.
    static func checkOwner(of status: stat, _ path: String) throws(PluginError) {
        guard status.st_uid == geteuid() || status.st_uid == 0 else {
            throw PluginError(
                .untrusted, path: path, "belongs to another user (\(status.st_uid)), who could change what this program runs",
                hint: "make a copy of your own")
        }
        guard status.st_mode & 0o022 == 0 else {
            throw PluginError(
                .untrusted, path: path, "may be changed by others than its owner (mode \(String(status.st_mode & 0o777, radix: 8)))",
                hint: "chmod go-w \(path)")
        }
    }
}

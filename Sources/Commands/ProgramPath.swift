#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Whether a program can be found, as posix_spawnp(3) would.
package enum ProgramPath {
    /// Whether there is a file of this name that may be executed: at the path, or in one of the folders of `PATH`.
    package static func exists(_ program: String) -> Bool {
        if program.contains("/") { return isExecutable(program) }
        let folders = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
        return folders.split(separator: ":").contains { isExecutable("\($0)/\(program)") }
    }

    private static func isExecutable(_ path: String) -> Bool {
        var status = stat()
        return access(path, X_OK) == 0 && stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFDIR
    }
}

import Comparison

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension ComparedSession {
    /// The session of a log, called as the user calls it; reports and logs that name it name it from the root.
    init(log path: String) {
        var absolute = path
        if let resolved = realpath(path, nil) {
            absolute = String(cString: resolved)
            free(resolved)
        }
        self.init(label: path, log: absolute)
    }
}

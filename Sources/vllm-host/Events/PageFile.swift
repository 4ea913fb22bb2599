#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A page that is written to a file, whole or not at all (`OutputFile`).
enum PageFile {
    /// Writes to `path`.
    /// - Throws: `InputError`.
    static func write(_ text: String, to path: String) throws(InputError) {
        var file = try OutputFile(path)
        try file.write(text)
        try file.finish()
    }

    /// The file for the page of a session among our own: `$XDG_CACHE_HOME/vllm-host/pages/<session>.html`. Makes the folder.
    /// - Throws: `InputError`.
    static func cached(for session: String, environment: [String: String]) throws(InputError) -> String {
        guard let cache = SessionSetup.folder("XDG_CACHE_HOME", otherwise: "/.cache", environment) else {
            throw InputError(message: "there is no place for the page: set HOME or XDG_CACHE_HOME, or name a file with -o")
        }
        var folder = cache
        for name in ["", "/vllm-host", "/pages"] {
            folder += name
            guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw .unwritable(folder, errno) }
        }
        return "\(folder)/\(name(of: session)).html"
    }

    /// An id as the name of a file: it comes from a log, and may be anything.
    private static func name(of session: String) -> String {
        let letters = session.unicodeScalars.prefix(100).map { scalar in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "-", "_": scalar
            default: Unicode.Scalar("_")
            }
        }
        return letters.isEmpty ? "session" : String(String.UnicodeScalarView(letters))
    }
}

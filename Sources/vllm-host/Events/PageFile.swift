#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A page that is written to a file, whole or not at all. It holds what an event log holds, so that its user alone may read it.
enum PageFile {
    /// Writes to `path`: what stood there is replaced by the whole page only, except for a pipe or a device, which are written to.
    /// - Throws: `InputError`.
    static func write(_ text: String, to path: String) throws(InputError) {
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            return try fill(path, O_WRONLY | O_NOCTTY, text)
        }
        let draft = "\(path).\(getpid()).part"
        do throws(InputError) {
            try fill(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, text)
            guard rename(draft, path) == 0 else { throw unwritable(path, errno) }
        } catch {
            unlink(draft)
            throw error
        }
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
            guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw unwritable(folder, errno) }
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

    private static func fill(_ path: String, _ flags: Int32, _ text: String) throws(InputError) {
        let descriptor = open(path, flags | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw unwritable(path, errno) }
        defer { close(descriptor) }
        var text = text
        let code: Int32 = text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)[...]
            while !rest.isEmpty {
                let count = Self.write(descriptor, UnsafeRawBufferPointer(rebasing: rest))
                if count > 0 { rest = rest.dropFirst(count) } else if errno != EINTR { return errno }
            }
            return 0
        }
        guard code == 0 else { throw unwritable(path, code) }
    }

    private static func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Darwin)
            Darwin.write(descriptor, bytes.baseAddress, bytes.count)
        #else
            Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
    }

    private static func unwritable(_ path: String, _ code: Int32) -> InputError {
        InputError(message: "cannot write \(path): \(String(cString: strerror(code)))", isMissingFile: code == ENOENT)
    }
}

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A file that is written whole or not at all, from what an event log holds, so that its user alone may read it.
///
/// What stood there, be it a link, is replaced when all is written. A pipe or a device is written to.
struct OutputFile: ~Copyable {
    private let path: String
    /// What is written meanwhile; `nil` where it is the place itself, or was put there.
    private var draft: String?
    private let descriptor: Int32

    /// - Throws: `InputError`.
    init(_ path: String) throws(InputError) {
        self.path = path
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            descriptor = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC)
        } else {
            let draft = "\(path).\(getpid()).part"
            descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
            // The file of somebody else is not to be removed.
            if descriptor >= 0 { self.draft = draft }
        }
        guard descriptor >= 0 else { throw .unwritable(path, errno) }
    }

    deinit {
        close(descriptor)
        if let draft { unlink(draft) }
    }

    /// - Throws: `InputError`.
    mutating func write(_ text: String) throws(InputError) {
        var text = text
        let (descriptor, path) = (descriptor, path)
        let code: Int32 = text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)[...]
            while !rest.isEmpty {
                let count = Self.write(descriptor, UnsafeRawBufferPointer(rebasing: rest))
                if count > 0 { rest = rest.dropFirst(count) } else if errno != EINTR { return errno }
            }
            return 0
        }
        guard code == 0 else { throw .unwritable(path, code) }
    }

    /// Puts what was written in its place.
    /// - Throws: `InputError`.
    mutating func finish() throws(InputError) {
        guard let draft else { return }
        guard rename(draft, path) == 0 else { throw .unwritable(path, errno) }
        self.draft = nil
    }

    private static func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Darwin)
            Darwin.write(descriptor, bytes.baseAddress, bytes.count)
        #else
            Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
    }
}

extension InputError {
    /// A file that the system does not let be written.
    static func unwritable(_ path: String, _ code: Int32) -> InputError {
        InputError(message: "cannot write \(path): \(String(cString: strerror(code)))", isMissingFile: code == ENOENT)
    }
}

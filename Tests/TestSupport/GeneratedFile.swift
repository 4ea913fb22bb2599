#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A file of the repository that is made from the sources: `make generated` writes it, and otherwise a test holds it to them.
public enum GeneratedFile {
    /// Whether the file has this content; where the environment variable `UPDATE_GENERATED` is set, it gets it first.
    /// - Parameter path: from the repository's root.
    public static func holds(_ text: String, path: String) throws(FileError) -> Bool {
        let file = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/" + path
        if getenv("UPDATE_GENERATED") != nil { try writeFile(file, text.utf8) }
        return try fileText(file) == text
    }
}

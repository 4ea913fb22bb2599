#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A folder for what a measurement writes.
public struct TemporaryFolder: Sendable {
    /// Its path.
    public let path: String

    /// A new folder.
    /// - Parameter parent: where it is made; where that is empty, where the environment wants such things (`TMPDIR`), or in `/tmp`.
    public init(in parent: String = "") {
        let parent = parent.isEmpty ? getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp" : parent
        var template = Array("\(parent)/bench-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { stop("no folder can be made in \(parent)") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Removes it with all that is in it.
    public func remove() { removeTree(path) }
}

private func removeTree(_ path: String) {
    if let folder = opendir(path) {
        while let entry = readdir(folder) {
            let isFolder = entry.pointee.d_type == UInt8(DT_DIR)
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            guard name != ".", name != ".." else { continue }
            if isFolder { removeTree("\(path)/\(name)") } else { unlink("\(path)/\(name)") }
        }
        closedir(folder)
    }
    rmdir(path)
}

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Calls `body` with the path of a new empty folder, and removes the folder with all that is in it afterwards.
public func withTemporaryDirectory<Result>(_ body: (String) throws -> Result) throws -> Result {
    let path = try makeTemporaryDirectory()
    defer { removeTree(path) }
    return try body(path)
}

/// Calls `body` with the path of a new empty folder, and removes the folder with all that is in it afterwards.
public func withTemporaryDirectory<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let path = try makeTemporaryDirectory()
    defer { removeTree(path) }
    return try await body(path)
}

private func makeTemporaryDirectory() throws(FileError) -> String {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(base)/vllm-provider-tests-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw FileError("make a folder in", base) }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// Removes a folder and what is in it; links are removed, not followed. Folders that a test made unreadable are opened up first.
private func removeTree(_ path: String) {
    chmod(path, 0o700)
    if let folder = opendir(path) {
        while let entry = readdir(folder) {
            let (name, isFolder) = described(entry.pointee)
            guard name != ".", name != ".." else { continue }
            let child = "\(path)/\(name)"
            if isFolder { removeTree(child) } else { unlink(child) }
        }
        closedir(folder)
    }
    rmdir(path)
}

private func described(_ entry: dirent) -> (name: String, isFolder: Bool) {
    var entry = entry
    let name = withUnsafeBytes(of: &entry.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    return (name, entry.d_type == UInt8(DT_DIR))
}

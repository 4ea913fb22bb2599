import SessionLog
import TestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite("PrivateFile")
struct PrivateFileTests {
    private func mode(_ path: String) -> mode_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : nil
    }

    @Test("a new file is its user's alone, and so are the folders that had to be made")
    func new() throws {
        try withTemporaryDirectory { folder in
            chmod(folder, 0o755)
            let file = try PrivateFile(path: folder + "/a/b/history")
            #expect(file.isEmpty)
            "one\n".utf8.withContiguousStorageIfAvailable { _ = file.append(UnsafeRawBufferPointer($0)) }
            #expect(!file.isEmpty)
            #expect(mode(folder + "/a/b/history") == 0o600)
            #expect(mode(folder + "/a/b") == 0o700)
            #expect(mode(folder + "/a") == 0o700)
            #expect(mode(folder) == 0o755)
        }
    }

    @Test("a file that others could read is closed to them, and keeps what is in it")
    func old() throws {
        try withTemporaryDirectory { folder in
            let path = folder + "/history"
            try writeFile(path, "one\n".utf8)
            chmod(path, 0o666)
            let file = try PrivateFile(path: path)
            "two\n".utf8.withContiguousStorageIfAvailable { _ = file.append(UnsafeRawBufferPointer($0)) }
            #expect(mode(path) == 0o600)
            #expect(try fileText(path) == "one\ntwo\n")
        }
    }
}

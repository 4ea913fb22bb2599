import TestSupport
import Testing

@Suite struct TemporaryDirectoryTests {
    @Test("A temporary folder is there for the closure, and gone afterwards with what is in it")
    func folder() throws {
        let path = try withTemporaryDirectory { path in
            try writeFile("\(path)/file", "text\n".utf8)
            #expect(try fileText("\(path)/file") == "text\n")
            return path
        }
        #expect(throws: FileError.self) { try fileBytes("\(path)/file") }
        #expect(throws: FileError.self) { try writeFile("\(path)/other", []) }
    }

    @Test("It is gone when the closure throws, too, and there while an asynchronous one waits")
    func asynchronous() async throws {
        struct Stop: Error {
            let path: String
        }
        let stop = try await #require(throws: Stop.self) {
            try await withTemporaryDirectory { path in
                try writeFile("\(path)/file", [1, 2, 3])
                await Task.yield()
                #expect(try fileBytes("\(path)/file") == [1, 2, 3])
                throw Stop(path: path)
            }
        }
        let error = #expect(throws: FileError.self) { try writeFile("\(stop.path)/file", []) }
        #expect(error?.description == "cannot open \(stop.path)/file: No such file or directory")
    }
}

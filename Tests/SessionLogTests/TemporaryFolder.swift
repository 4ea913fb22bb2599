import TestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The folder of the running test, in suites with the trait `.temporaryFolder`; it is removed after the test.
struct TemporaryFolder {
    @TaskLocal fileprivate static var current = ""

    var path: String { Self.current }

    func file(_ name: String) -> String { "\(path)/\(name)" }
}

struct TemporaryFolderTrait: SuiteTrait, TestTrait, TestScoping {
    var isRecursive: Bool { true }

    func provideScope(for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void) async throws
    {
        guard testCase != nil else { return try await function() }
        try await withTemporaryDirectory { path in
            try await TemporaryFolder.$current.withValue(path) { try await function() }
        }
    }
}

extension Trait where Self == TemporaryFolderTrait {
    /// Every test of the suite has a new empty folder.
    static var temporaryFolder: Self { Self() }
}

/// Appends text to a file, which is made where it is missing.
func append(_ text: String, to path: String) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    _ = text.withCString { write(descriptor, $0, strlen($0)) }
    close(descriptor)
}

/// The permission bits of a file or folder.
func mode(of path: String) -> UInt32 {
    var status = stat()
    stat(path, &status)
    return UInt32(status.st_mode) & 0o7777
}

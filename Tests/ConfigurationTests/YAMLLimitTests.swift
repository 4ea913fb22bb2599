import Configuration
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite("Limits of a configuration")
struct YAMLLimitTests {
    private static let manyAliases = (1...30).map { level in
        "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", "))]\n"
    }.joined()

    @Test("aliases that grow without end are refused")
    func aliasBomb() {
        let found = problems("a0: &a0 [x, x, x]\n" + Self.manyAliases)
        #expect(found == ["plan.yaml:5:25: error: the file holds more than 20000 values, aliases put in"])
    }

    @Test("merge keys that grow without end are refused")
    func mergeBomb() {
        let text = "a0: &a0 {x: 1}\n" + Self.manyAliases.replacing("[", with: "{k: [").replacing("]", with: "]}")
        let found = problems(text)
        #expect(found.first?.contains("more than 20000 values") == true)
    }

    @Test("a long text that is repeated by aliases is refused")
    func textBomb() {
        let text = "a: &a \(String(repeating: "x", count: 500_000))\nb: [\(Array(repeating: "*a", count: 100).joined(separator: ", "))]\n"
        let found = problems(text)
        #expect(found == ["plan.yaml:2:65: error: the file holds more than 8388608 bytes of text, aliases put in"])
    }

    @Test(
        "deep nesting is refused, also when aliases make it",
        arguments: [
            String(repeating: "[", count: 500_000), String(repeating: "{a: ", count: 100_000), String(repeating: "- ", count: 100_000),
            (1...40).reduce("a0: &a0 [[1]]\n") { $0 + "a\($1): &a\($1) [[*a\($1 - 1)]]\n" },
        ])
    func depth(_ text: String) {
        let found = problems(text)
        #expect(found.first?.contains("lists and mappings are nested more than 64 deep") == true, "\(found)")
    }

    @Test("64 levels are allowed")
    func allowedDepth() {
        let text = String(repeating: "[", count: 63) + "1" + String(repeating: "]", count: 63)
        #expect(problems(text) == [])
        #expect(problems("[\(text)]") == ["plan.yaml:1:65: error: lists and mappings are nested more than 64 deep"])
    }

    @Test("a file of 100 MB is refused before it is read")
    func hugeFile() throws {
        let path = try temporaryFile("")
        defer { removeFile(path) }
        #expect(truncate(path, 100_000_000) == 0)
        let error = #expect(throws: ConfigurationError.self) { try ConfigurationReader().node(contentsOf: path) }
        #expect(error?.description == "\(path): error: the file is larger than 1048576 bytes (is it a configuration file?)")
    }

    @Test("an endless file is read up to the limit only")
    func endlessFile() {
        let error = #expect(throws: ConfigurationError.self) { try ConfigurationReader().node(contentsOf: "/dev/zero") }
        #expect(error?.issues.first?.code == .tooLarge)
    }

    @Test("a file that is not there, and one that is a folder, end in a clear error")
    func unreadable() {
        let missing = #expect(throws: ConfigurationError.self) { try ConfigurationReader().node(contentsOf: "no/such.yaml") }
        #expect(missing?.description == "no/such.yaml: error: there is no such file (check the path)")
        #expect(missing?.isFileNotFound == true)
        let folder = #expect(throws: ConfigurationError.self) { try ConfigurationReader().node(contentsOf: "/") }
        #expect(folder?.description == "/: error: cannot be read: Is a directory")
        #expect(folder?.isFileNotFound == false)
    }

    @Test("environment variables cannot make a file grow without end")
    func environmentBomb() throws {
        let reader = ConfigurationReader(environment: ["X": String(repeating: "x", count: 100_000)])
        let node = try parse("a: \"\(String(repeating: "${X}", count: 1000))\"\n")
        let issues = reader.expandingEnvironment(node).issues
        #expect(
            lines(issues) == ["plan.yaml:1:4: error: the values hold more than 8388608 bytes of text with environment variables put in"])
    }
}

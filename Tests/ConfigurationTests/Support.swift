import Configuration
import JSON
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Reads a text as the file `plan.yaml`.
func parse(_ text: String, limits: ConfigurationLimits = ConfigurationLimits()) throws(ConfigurationError) -> ConfigurationNode {
    try ConfigurationReader(limits: limits).node(parsing: text.utf8, file: "plan.yaml")
}

/// What reading a text as the file `plan.yaml` fails with: a line an issue; empty where it does not fail.
func problems(_ text: String, limits: ConfigurationLimits = ConfigurationLimits()) -> [String] {
    do {
        _ = try parse(text, limits: limits)
        return []
    } catch {
        return error.issues.map(\.description)
    }
}

/// Lines of messages.
func lines(_ issues: [ConfigurationIssue]) -> [String] { issues.map(\.description) }

/// Writes a new temporary file and returns its path; the caller removes it.
func temporaryFile(_ text: String) throws -> String {
    var template = Array("/tmp/configuration-test-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    try #require(write(descriptor, bytes, bytes.count) == bytes.count)
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// Removes a file.
func removeFile(_ path: String) { unlink(path) }

/// A configuration that cannot be used, with everything that is wrong in it.
public struct ConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, and the warnings that came with it, in the order found.
    public var issues: [ConfigurationIssue]

    /// An error of these issues.
    public init(_ issues: [ConfigurationIssue]) { self.issues = issues }

    /// Whether all that is wrong is that files do not exist, for which programs have an exit code of its own.
    public var isFileNotFound: Bool {
        issues.hasErrors && issues.allSatisfy { $0.severity == .warning || $0.code == .fileNotFound }
    }

    /// One line an issue.
    public var description: String { issues.map(\.description).joined(separator: "\n") }
}

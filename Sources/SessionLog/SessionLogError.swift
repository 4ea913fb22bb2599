#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Why the event log of a session cannot be written or read.
public struct SessionLogError: Error, Sendable, Hashable {
    /// What was tried.
    public enum Operation: String, Sendable, Hashable {
        /// A folder on the way to the log was to be made.
        case createFolder = "create the folder"
        /// The log was to be opened.
        case open = "open the event log"
        /// A record was to be written.
        case write = "write to the event log"
        /// The log was to be read.
        case read = "read the event log"
        /// The place of the log was to be worked out.
        case locate = "find a place for the event log"
    }

    /// What was tried.
    public var operation: Operation
    /// The file or folder with which it was tried; empty when none was known yet.
    public var path: String
    /// Why it failed: the system's words where the system refused.
    public var reason: String
    /// The system's `errno`, where the system refused.
    public var code: Int32?

    init(_ operation: Operation, _ path: String, reason: String) {
        self.operation = operation
        self.path = path
        self.reason = reason
    }

    init(_ operation: Operation, _ path: String, errno code: Int32) {
        self.init(operation, path, reason: String(cString: strerror(code)))
        self.code = code
    }
}

extension SessionLogError: CustomStringConvertible {
    /// One sentence: what, where, why.
    public var description: String {
        path.isEmpty ? "cannot \(operation.rawValue): \(reason)" : "cannot \(operation.rawValue) \(path): \(reason)"
    }
}

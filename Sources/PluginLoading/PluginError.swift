/// Why a plugin cannot be used.
public struct PluginError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of failure it is. New kinds may come: switch with a default.
    public enum Code: String, Sendable, Hashable {
        /// There is no such folder, manifest or library.
        case notFound = "not_found"
        /// Something of it belongs to somebody else, may be changed by others, or is not what the checksum says.
        case untrusted
        /// The manifest is not what it must be, or that of another plugin.
        case invalidManifest = "invalid_manifest"
        /// The library cannot be loaded, or is no plugin.
        case invalidLibrary = "invalid_library"
        /// It speaks another version of the plugin ABI.
        case otherVersion = "other_version"
    }

    /// What kind of failure it is.
    public var code: Code
    /// The folder or file that it is about.
    public var path: String
    /// What is wrong with it.
    public var message: String
    /// What to do about it.
    public var hint: String?

    /// An error.
    public init(_ code: Code, path: String, _ message: String, hint: String? = nil) {
        self.code = code
        self.path = path
        self.message = message
        self.hint = hint
    }

    /// Path, message and hint in one text.
    public var description: String { "\(path): \(message)\(hint.map { " (\($0))" } ?? "")" }
}

/// Why a session cannot be opened or go on: a matter of the host, not of a provider.
public struct HostError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of failure it is. New kinds may come: switch with a default.
    public enum Code: String, Sendable, Hashable {
        /// The mount plan names a module that this host does not have.
        case moduleNotFound = "module_not_found"
        /// The mount plan names a plugin that cannot be used, or a module that would have to be fetched first.
        case pluginFailed = "plugin_failed"
        /// The mount plan has no provider, or none of the name that was asked for.
        case noProvider = "no_provider"
        /// Two tools have the same name, by which the model calls them.
        case duplicateTool = "duplicate_tool"
        /// The event log cannot be written.
        case log
        /// The loop asked the provider more often than it may.
        case tooManyIterations = "too_many_iterations"
        /// A session cannot be resumed.
        case resume
        /// The session is closed, or busy with another prompt.
        case notReady = "not_ready"
    }

    /// What kind of failure it is.
    public var code: Code
    /// What happened, in a sentence.
    public var message: String
    /// Where it is asked for, in a mount plan.
    public var place: String?
    /// What to do about it.
    public var hint: String?

    /// An error.
    public init(_ code: Code, _ message: String, place: String? = nil, hint: String? = nil) {
        self.code = code
        self.message = message
        self.place = place
        self.hint = hint
    }

    /// Place, message and hint in one text.
    public var description: String { (place.map { $0 + ": " } ?? "") + message + (hint.map { " (\($0))" } ?? "") }
}

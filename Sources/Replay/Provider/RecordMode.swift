/// When a provider that replays asks the one behind it, after the record modes of VCR tools.
public enum RecordMode: String, Sendable, CaseIterable {
    /// Never: a request that the log does not have is an error.
    case none
    /// Where there is no log yet, always; otherwise never.
    case once
    /// Where the log does not have the request.
    case new
    /// Always; what is recorded takes the place of what the log has for the same request.
    case all
}

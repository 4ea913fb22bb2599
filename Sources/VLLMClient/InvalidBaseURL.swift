/// Why a text cannot be a base URL, and what to write instead.
public struct InvalidBaseURL: Error, Sendable, Hashable, CustomStringConvertible {
    /// The message for people; never holds credentials or a query.
    public let description: String

    init(_ description: String) { self.description = description }
}

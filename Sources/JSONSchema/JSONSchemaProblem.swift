/// How a value fails to fit a schema.
public struct JSONSchemaProblem: Sendable, Hashable, CustomStringConvertible {
    /// Where in the value: `$` is all of it, `$.a[0].b` the member `b` of the first element of `a`.
    public var path: String
    /// What was expected, and what was found.
    public var message: String

    /// A problem with its place.
    public init(path: String, message: String) {
        self.path = path
        self.message = message
    }

    /// The place with the message.
    public var description: String { "\(path): \(message)" }
}

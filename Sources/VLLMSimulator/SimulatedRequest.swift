public import JSON

/// A request as it arrived.
public struct SimulatedRequest: Sendable {
    /// The method: `GET`, `POST`, …
    public var method: String
    /// The path without the query, percent-decoded.
    public var path: String
    /// The header fields in the order they came.
    public var headers: [(name: String, value: String)]
    /// The body.
    public var body: [UInt8]

    /// A request.
    public init(method: String, path: String, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body
    }

    /// The first value of a header field, whatever the case of its name.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The body as JSON, if it is JSON.
    public var json: JSONValue? { try? JSONValue(parsing: body) }
}

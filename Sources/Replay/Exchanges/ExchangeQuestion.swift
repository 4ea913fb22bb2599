import JSON

/// A request as it is looked up among recorded ones.
package struct ExchangeQuestion: Sendable {
    let method: String
    let path: String
    /// What of the body is compared, in canonical spelling.
    let body: JSONValue
    /// Method and path.
    let route: String
    /// Equal requests have the same.
    let key: String

    init(method: String, path: String, body: JSONValue) {
        self.method = method
        self.path = path
        self.body = body
        route = "\(method) \(path)"
        key = "\(route) \(body.digest)"
    }
}

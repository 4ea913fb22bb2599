/// Where a URL leads, as messages name it: `host:port`.
struct ServerAddress: Sendable, Hashable, CustomStringConvertible {
    let host: String
    let port: String
    /// Whether TLS is spoken with it.
    let isSecure: Bool

    var description: String { "\(host):\(port)" }
}

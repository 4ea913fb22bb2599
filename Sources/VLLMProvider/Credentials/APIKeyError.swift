/// Why there is no API key. It never holds what a file or a command gave.
struct APIKeyError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

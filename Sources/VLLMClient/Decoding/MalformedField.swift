/// A field of an answer whose type is not what the call promises.
struct MalformedField: Error, CustomStringConvertible {
    private var path: String
    private let complaint: String

    /// A field that holds something else than expected.
    /// - Parameters:
    ///   - expected: what belongs there, with its article.
    ///   - found: the kind of the JSON value that is there.
    init(_ path: String, expected: String, found: String) {
        self.path = path
        let article = "aeio".contains(found.prefix(1)) ? "an " : found == "null" ? "" : "a "
        complaint = "expected \(expected), found \(article)\(found)"
    }

    /// A field that is not there.
    init(missing path: String) {
        self.path = path
        complaint = "missing"
    }

    /// The same complaint seen from the value that holds the one it was made in.
    func inside(_ outer: String) -> MalformedField {
        var field = self
        field.path = path.isEmpty || path.hasPrefix("[") ? outer + path : "\(outer).\(path)"
        return field
    }

    var description: String { path.isEmpty ? complaint : "\(path): \(complaint)" }
}

extension String {
    /// The text in quotation marks for a message: on one line, without control characters, and no longer than a reader needs.
    var quotedForMessage: String {
        let shown = prefix(60).unicodeScalars.map { scalar in
            scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) ? " " : String(scalar)
        }
        return "\"\(shown.joined())\(count > 60 ? "…" : "")\""
    }

    /// This key path with a key behind it.
    func appendingKey(_ key: String) -> String { isEmpty ? key : "\(self).\(key)" }

    /// This key path with an index behind it.
    func appendingIndex(_ index: Int) -> String { "\(self)[\(index)]" }
}

extension JSONValue {
    /// Reads one JSON document.
    /// - Throws: `JSONError` with the place, when `bytes` are not one JSON value in UTF-8 (with white space around it).
    public init(parsing bytes: some Collection<UInt8>) throws(JSONError) {
        self = .null
        throw JSONError(message: "not yet", offset: 0, line: 1, column: 1)
    }

    /// Reads one JSON document.
    /// - Throws: `JSONError` with the place, when `text` is not one JSON value (with white space around it).
    public init(parsing text: String) throws(JSONError) {
        try self.init(parsing: text.utf8)
    }
}

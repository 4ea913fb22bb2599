extension JSONValue {
    /// Reads one JSON document.
    /// - Throws: `JSONError` with the place, when `bytes` are not one JSON value in UTF-8 (with white space around it).
    public init(parsing bytes: UnsafeBufferPointer<UInt8>) throws(JSONError) {
        self = try JSONView.read(bytes) { $0.value }
    }

    /// Reads one JSON document.
    /// - Throws: `JSONError` with the place, when `bytes` are not one JSON value in UTF-8 (with white space around it).
    public init(parsing bytes: some Collection<UInt8>) throws(JSONError) {
        let inPlace = bytes.withContiguousStorageIfAvailable { bytes in
            Result { () throws(JSONError) in try JSONValue(parsing: bytes) }
        }
        if let inPlace {
            self = try inPlace.get()
        } else {
            self = try JSONValue(parsing: Array(bytes))
        }
    }

    /// Reads one JSON document.
    /// - Throws: `JSONError` with the place, when `text` is not one JSON value (with white space around it).
    public init(parsing text: String) throws(JSONError) {
        try self.init(parsing: text.utf8)
    }
}

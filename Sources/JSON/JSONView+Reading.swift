internal import CSimdjson

extension JSONView {
    /// Reads one JSON document and calls `body` with the view of it, which is gone when `body` returns.
    ///
    /// The memory for it comes out of a pool and goes back there: a small document costs no allocation.
    /// - Throws: `JSONError` with the place, when `bytes` are not one JSON value in UTF-8 (with white space around it), and what
    ///   `body` throws.
    public static func read<Result>(
        _ bytes: UnsafeBufferPointer<UInt8>, _ body: (JSONView) throws(JSONError) -> Result
    ) throws(JSONError) -> Result {
        try read(bytes, orThrow: { $0 }, body)
    }

    /// Reads one JSON document for a caller with an error type of its own, as `read(_:_:)` does.
    /// - Parameter failure: makes the error to throw out of the one that says why `bytes` are not JSON.
    /// - Throws: what `failure` makes and what `body` throws.
    public static func read<Result, Failure: Error>(
        _ bytes: UnsafeBufferPointer<UInt8>, orThrow failure: (JSONError) -> Failure, _ body: (JSONView) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard let parser = csimdjson_borrow() else { throw failure(.outOfMemory) }
        defer { csimdjson_give_back(parser) }
        let status = csimdjson_parse(parser, bytes.baseAddress, bytes.count)
        guard Int(status) == CSIMDJSON_OK else {
            throw failure(JSONError(status: Int(status), in: bytes))
        }
        return try body(JSONView(root: csimdjson_document_of(parser)))
    }
}

extension JSONError {
    fileprivate static let outOfMemory = JSONError(message: "no memory for reading the text", offset: 0, line: 1, column: 1)

    /// Says why a text was refused: simdjson does not say where, so a slower reader looks for the place.
    fileprivate init(status: Int, in bytes: UnsafeBufferPointer<UInt8>) {
        switch status {
        case CSIMDJSON_OUT_OF_MEMORY:
            self = .outOfMemory
        case CSIMDJSON_TOO_LARGE:
            self.init(message: "a text of \(bytes.count) bytes is too large: the limit is 4 GB", offset: 0, line: 1, column: 1)
        default:
            var grammar = JSONGrammar(bytes)
            self = grammar.firstError() ?? JSONError(message: "not JSON", offset: 0, line: 1, column: 1)
        }
    }
}

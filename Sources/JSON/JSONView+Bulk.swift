internal import CSimdjson

/// Long values, read without building anything but the result.
extension JSONView {
    /// The numbers of an array in single precision, a null among them as NaN (JSON has no word for it, and Python's `orjson`, with which
    /// vLLM writes vectors where it is installed, says null); `nil` where this is no array or something else stands in it.
    public var floats: [Float]? {
        let array = node
        guard Int(array.kind) == CSIMDJSON_ARRAY else { return nil }
        let (nodes, first) = (nodes, Int(index) + 1)
        var areNumbers = true
        let floats = [Float](unsafeUninitializedCapacity: Int(array.length)) { buffer, count in
            // Of numbers each is one node.
            for position in 0..<Int(array.length) {
                let element = nodes[first + position]
                switch Int(element.kind) {
                case CSIMDJSON_NUMBER: buffer.initializeElement(at: position, to: DecimalText.float(bytes(of: element)))
                case CSIMDJSON_NULL: buffer.initializeElement(at: position, to: .nan)
                default:
                    areNumbers = false
                    return
                }
                count = position + 1
            }
        }
        return areNumbers ? floats : nil
    }

    /// Calls `body` with the UTF-8 of a string, escapes resolved, which is gone when `body` returns; `nil` where this is no string.
    public func withUTF8<Result, Failure: Error>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result? {
        let node = node
        guard Int(node.kind) == CSIMDJSON_STRING else { return nil }
        return try body(bytes(of: node))
    }
}

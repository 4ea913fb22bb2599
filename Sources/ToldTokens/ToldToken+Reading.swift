public import JSON

extension ToldToken {
    /// Reads the bytes that are listed for a token, up to the closing bracket of their list.
    /// - Returns: `nil` where something else is listed than bytes in their plain spelling.
    @inlinable
    package init?(_ text: String, bytes reader: inout JSONFragmentReader) {
        if reader.skip(bytesOf: text) {
            self.init(text, .ofText)
        } else {
            guard let bytes = reader.bytes() else { return nil }
            self.init(text, Bytes(bytes, of: text))
        }
    }
}

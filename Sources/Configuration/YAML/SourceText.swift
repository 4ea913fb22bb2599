/// The text of a file, for what messages need to know about it.
struct SourceText {
    /// The bytes of the text.
    let bytes: [UInt8]

    /// The text of a file in UTF-8.
    init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    /// The place of a byte.
    func location(ofByte offset: Int, file: String) -> SourceLocation {
        let before = bytes.prefix(max(0, offset))
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        return SourceLocation(
            file: file, line: before.count { $0 == UInt8(ascii: "\n") } + 1,
            column: String(decoding: before[lineStart...], as: UTF8.self).unicodeScalars.count + 1)
    }

    /// A line without its end, empty where there is no such line.
    func line(_ number: Int) -> String {
        var start = bytes.startIndex
        for _ in 1..<max(1, number) {
            guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) else { return "" }
            start = end + 1
        }
        return String(decoding: bytes[start...].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }

    /// The character at a place, `nil` at the end of a line.
    func character(at location: SourceLocation) -> Unicode.Scalar? {
        line(location.line).unicodeScalars.dropFirst(location.column - 1).first
    }

    /// The offset of the first byte that is not UTF-8.
    var firstInvalidByte: Int? {
        guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var offset = 0
        while true {
            switch parser.parseScalar(from: &iterator) {
            case .valid(let scalar): offset += scalar.count
            case .error: return offset
            case .emptyInput: return nil
            }
        }
    }
}

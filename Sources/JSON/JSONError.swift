/// Why a text is not JSON, and where.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, in a few words.
    public var message: String
    /// The byte at which it is wrong, from 0.
    public var offset: Int
    /// The line of that byte, from 1.
    public var line: Int
    /// The column of that byte in its line, in bytes from 1.
    public var column: Int

    /// An error with its place.
    public init(message: String, offset: Int, line: Int, column: Int) {
        self.message = message
        self.offset = offset
        self.line = line
        self.column = column
    }

    /// An error at a byte of `text`, whose line and column are counted here.
    init(message: String, offset: Int, in text: UnsafeBufferPointer<UInt8>) {
        var line = 1
        var lineStart = 0
        for index in 0..<offset where text[index] == UInt8(ascii: "\n") {
            line += 1
            lineStart = index + 1
        }
        self.init(message: message, offset: offset, line: line, column: offset - lineStart + 1)
    }

    /// The message with line and column.
    public var description: String { "\(message) at line \(line), column \(column)" }
}

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

    /// The message with line and column.
    public var description: String { "\(message) at line \(line), column \(column)" }
}

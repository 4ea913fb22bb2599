/// A place in a configuration file.
public struct SourceLocation: Sendable, Hashable, CustomStringConvertible {
    /// The file, as it was named when it was read.
    public var file: String
    /// The line, from 1.
    public var line: Int
    /// The column in the line, in characters (Unicode scalars) from 1.
    public var column: Int

    /// A place.
    public init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// `file:line:column`, the form that editors and terminals can jump to.
    public var description: String { "\(file):\(line):\(column)" }
}

/// Reads the markup of tool calls from where it begins to where it ends.
protocol ToolCallScanner {
    /// Takes from the front of `bytes` what is certain, and leaves what may be the beginning of a tag.
    /// - Returns: whether the markup is over; then what is left is the answer's text.
    mutating func consume(_ bytes: inout ArraySlice<UInt8>, to pieces: inout [MarkupPiece]) -> Bool

    /// The text is over; `rest` is what was left.
    mutating func finish(_ rest: ArraySlice<UInt8>, to pieces: inout [MarkupPiece])
}

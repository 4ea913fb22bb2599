/// Where in a text of Markdown the next byte stands: at the beginning of a line, in fenced code, in inline code, in a quotation.
struct MarkdownContext {
    /// A line that opens or closes fenced code.
    enum FenceLine {
        /// The fence alone, which may close.
        case bare
        /// A fence with a language, which only opens.
        case labelled
    }

    /// Nothing but white space so far.
    private(set) var isAtBeginning = true
    /// Nothing but white space so far on this line.
    private(set) var isAtLineStart = true
    private(set) var isInFence = false
    /// What kind of fence the line was that has just ended, if any.
    private(set) var endedFenceLine: FenceLine?
    private var isInCode = false
    private var isInQuotation = false
    /// The backticks that the line begins with.
    private var fenceLength = 0
    private var label: Label = .none
    private var lastBytes: UInt32 = 0

    private enum Label {
        case none, text
        /// Backticks again: this is inline code.
        case code
    }

    /// What must follow, for what stands here to be quoted; `nil` where nothing was opened.
    var quotation: Quotation? {
        if isInFence { return .fence }
        if isInCode { return .line(UInt8(ascii: "`")) }
        if isInQuotation { return .line(UInt8(ascii: "\"")) }
        if lastBytes & 0xFF == UInt32(UInt8(ascii: "'")) { return .next(Array("'".utf8)) }
        // “ in UTF-8.
        if lastBytes & 0xFF_FFFF == 0xE2_809C { return .next(Array("”".utf8)) }
        return nil
    }

    /// How a quotation closes.
    enum Quotation {
        /// With a line that closes fenced code.
        case fence
        /// With this byte, soon and on the same line.
        case line(UInt8)
        /// With these bytes at once.
        case next([UInt8])
    }

    /// Goes over a byte.
    mutating func consume(_ byte: UInt8) {
        lastBytes = lastBytes << 8 | UInt32(byte)
        endedFenceLine = nil
        if byte.isLineBreak { return endLine() }
        let isBacktick = byte == UInt8(ascii: "`")
        if isBacktick && (isAtLineStart || label == .none && fenceLength > 0 && previousByte == byte) {
            fenceLength += 1
        } else if fenceLength > 0 && !byte.isBlank {
            label = isBacktick || label == .code ? .code : .text
        }
        if isBacktick { isInCode.toggle() }
        if byte == UInt8(ascii: "\"") { isInQuotation.toggle() }
        if !byte.isBlank { (isAtBeginning, isAtLineStart) = (false, false) }
    }

    private var previousByte: UInt8 { UInt8(truncatingIfNeeded: lastBytes >> 8) }

    private mutating func endLine() {
        if fenceLength >= 3 && label != .code {
            endedFenceLine = label == .none ? .bare : .labelled
            isInFence = !isInFence || label == .text
        }
        (isAtLineStart, isInCode, isInQuotation, fenceLength, label) = (true, false, false, 0, .none)
    }
}

/// Where in a text of Markdown the next byte stands: at the beginning of a line, in fenced code, behind an opening quotation mark.
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
    /// Whether a mark that was the last byte, or backticks that end there, may open: they do not stand behind a word.
    private var opensQuotation = false
    /// The backticks that the line begins with.
    private var fenceLength = 0
    private var label: Label = .none
    private var lastBytes: UInt32 = 0

    private enum Label {
        case none, text
        /// Backticks again: this is inline code.
        case code
    }

    /// The bytes that close the quotation or the inline code whose mark stands directly before this place; `nil` where none does, or where
    /// it can only close: behind a word.
    var openQuotation: [UInt8]? {
        // “ and ” in UTF-8.
        if lastBytes & 0xFF_FFFF == 0xE2_809C { return [0xE2, 0x80, 0x9D] }
        let byte = UInt8(truncatingIfNeeded: lastBytes)
        return opensQuotation && Self.quotationMarks.contains(byte) ? [byte] : nil
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
        if !isBacktick || previousByte != byte { opensQuotation = Self.mayStandBeforeQuotation(previousByte) }
        if !byte.isBlank { (isAtBeginning, isAtLineStart) = (false, false) }
    }

    /// Goes over bytes none of which is a mark of Markdown: as `consume` does with each, in one go.
    mutating func consume(unmarked bytes: some BidirectionalCollection<UInt8>) {
        guard !bytes.isEmpty else { return }
        for byte in bytes.suffix(4) { lastBytes = lastBytes << 8 | UInt32(byte) }
        endedFenceLine = nil
        opensQuotation = Self.mayStandBeforeQuotation(previousByte)
        guard isAtLineStart || fenceLength > 0, bytes.contains(where: { !$0.isBlank }) else { return }
        if fenceLength > 0, label != .code { label = .text }
        (isAtBeginning, isAtLineStart) = (false, false)
    }

    private var previousByte: UInt8 { UInt8(truncatingIfNeeded: lastBytes >> 8) }

    private static let quotationMarks = Array("\"'`".utf8)

    /// 0 is the beginning of the text.
    private static func mayStandBeforeQuotation(_ byte: UInt8) -> Bool {
        switch byte {
        case 0, UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: "*"), UInt8(ascii: "="), UInt8(ascii: ":"),
            UInt8(ascii: ">"):
            true
        default: byte.isBlank
        }
    }

    private mutating func endLine() {
        if fenceLength >= 3 && label != .code {
            endedFenceLine = label == .none ? .bare : .labelled
            isInFence = !isInFence || label == .text
        }
        (isAtLineStart, fenceLength, label) = (true, 0, .none)
    }
}

extension UInt8 {
    /// Whether a `MarkdownContext` has to look at this byte by itself: it ends a line or may begin a fence.
    var isMarkdownMark: Bool { isLineBreak || self == UInt8(ascii: "`") }
}

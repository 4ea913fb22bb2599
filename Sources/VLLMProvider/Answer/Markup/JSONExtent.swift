/// Finds where a JSON value ends, byte by byte, without judging what is inside: a model's JSON may be malformed.
struct JSONExtent {
    /// Where a byte stands.
    enum Place {
        case inside
        /// The byte is the value's last.
        case last
        /// The value ended before the byte.
        case past
    }

    private var depth = 0
    /// The quotation mark that a string began with; Python writes single ones, which JSON has nowhere outside its strings.
    private var quote: UInt8?
    private var isEscaped = false
    private var isScalar = false
    /// A line broke inside the string, which JSON does not allow: it may never have been closed.
    private var isBrokenString = false

    /// Whether a closing tag at this place closes, and is not a part of a string.
    var mayBeClosed: Bool { quote == nil || isBrokenString }

    /// Goes over a byte.
    mutating func consume(_ byte: UInt8) -> Place {
        if let quote {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == quote {
                self.quote = nil
                return depth == 0 ? .last : .inside
            } else if byte.isLineBreak {
                isBrokenString = true
            }
            return .inside
        }
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): (quote, isBrokenString) = (byte, false)
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            if depth == 0 { return .past }
            depth -= 1
            if depth == 0 { return .last }
        case UInt8(ascii: ","): if depth == 0 { return .past }
        default:
            if depth > 0 { break }
            if byte.isBlank && isScalar { return .past }
            isScalar = isScalar || !byte.isBlank
        }
        return .inside
    }
}

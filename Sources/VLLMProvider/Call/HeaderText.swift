/// Texts of hosts and people in header fields, which hold visible ASCII alone.
enum HeaderText {
    /// Whether a text is one word of visible ASCII.
    static func isVisible(_ text: String) -> Bool { !text.isEmpty && text.utf8.allSatisfy { 0x21...0x7E ~= $0 } }

    /// The text with all else percent-encoded, so that different texts stay different.
    static func escaping(_ text: String) -> String {
        guard !isVisible(text) else { return text }
        var escaped = ""
        for byte in text.utf8 {
            if 0x21...0x7E ~= byte {
                escaped.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                escaped += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return escaped
    }
}

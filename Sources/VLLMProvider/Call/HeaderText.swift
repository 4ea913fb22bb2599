import JSON
import Redaction

/// Texts of hosts and people in header fields, which hold visible ASCII alone.
enum HeaderText {
    /// Whether a text is one word of visible ASCII.
    static func isVisible(_ text: String) -> Bool { !text.isEmpty && text.utf8.allSatisfy { 0x21...0x7E ~= $0 } }

    /// Looks whether the members of `headers` can be header fields.
    static func check(_ headers: JSONObject) throws(OptionProblem) {
        for (name, value) in headers where !value.isNull {
            guard !name.isEmpty, name.utf8.allSatisfy(isNameByte) else {
                throw OptionProblem("headers", "\(name.debugDescription) is not the name of a header field")
            }
            guard name.lowercased() != "x-request-id" else {
                throw OptionProblem("headers.\(name)", "it is the name of one call", hint: "set request_id for each call")
            }
            // The value may be a secret.
            guard value.object == nil, value.array == nil,
                value.string?.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) != false
            else { throw OptionProblem("headers.\(name)", "the value holds what no header field can: expected one line of text") }
        }
    }

    /// The secrets in header fields.
    static func secrets(_ headers: JSONObject) -> [String] {
        headers.flatMap { name, value in value.isNull ? [] : Redactor.secrets(in: value.string ?? value.text, ofHeader: name) }
    }

    /// A `tchar` of RFC 9110.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        0x21...0x7E ~= byte && !"\"(),/:;<=>?@[\\]{}".utf8.contains(byte)
    }

    /// The text with all else percent-encoded, and `%` too, so that different texts stay different.
    static func escaping(_ text: String) -> String {
        var escaped = ""
        for byte in text.utf8 {
            if 0x21...0x7E ~= byte, byte != UInt8(ascii: "%") {
                escaped.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                escaped += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return escaped
    }
}

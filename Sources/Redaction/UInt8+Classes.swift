/// What a byte of a text is to the search for secrets.
extension UInt8 {
    private var scalar: Unicode.Scalar { Unicode.Scalar(self) }

    var isDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }

    var isLowerCase: Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= self }

    var isUpperCase: Bool { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= self }

    /// A letter or digit of ASCII.
    var isWord: Bool { isDigit || isLowerCase || isUpperCase }

    /// A character of a key: `api_key`, `x-api-key`.
    var isName: Bool { isWord || self == UInt8(ascii: "-") || self == UInt8(ascii: "_") }

    /// Stands between the words of a key, and means nothing there.
    var isSeparator: Bool { self == UInt8(ascii: "-") || self == UInt8(ascii: "_") || self == UInt8(ascii: ".") }

    /// What a URL holds as it is, whatever it means (RFC 3986).
    var isUnreserved: Bool { isName || self == UInt8(ascii: ".") || self == UInt8(ascii: "~") }

    var isSpace: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }

    var isQuote: Bool { self == UInt8(ascii: "\"") || self == UInt8(ascii: "'") }

    /// A byte at which a pattern of `SecretPatterns` begins to look.
    var isMark: Bool {
        switch scalar {
        case "B", "b", "-", "_", ":", "=": true
        default: false
        }
    }

    /// The last letter, before `-` or `_`, of a beginning in `SecretPatterns.issuers`.
    var endsIssuer: Bool {
        switch scalar {
        case "b", "f", "i", "k", "o", "p", "s", "t": true
        default: false
        }
    }

    /// A character of a credential behind an authorization scheme (RFC 9110's `token68`).
    var isToken68: Bool {
        switch scalar {
        case ".", "~", "+", "/", "=": true
        default: isName
        }
    }

    /// Ends the authority of a URL, in which user and password stand.
    var isURLDelimiter: Bool {
        switch scalar {
        case "/", "?", "#", "\"", "'", "<", ">", "\\": true
        default: self <= 0x20
        }
    }

    /// A character of a value in the query of a URL.
    var isQueryValue: Bool {
        switch scalar {
        case "&", "#", "\"", "'", "<", ">", "\\": false
        default: self > 0x20
        }
    }

    /// A character of an unquoted value in a line of text.
    var isValue: Bool {
        switch scalar {
        case ";", ",", ")", "}", "]", "`": false
        default: isQueryValue
        }
    }
}

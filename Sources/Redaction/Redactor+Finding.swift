extension Redactor {
    /// The secrets in the value of an HTTP header field, each by itself, so that they can be searched for where they are repeated without
    /// the field: of `Bearer KEY` only the key, of `Basic …` also the password inside it, of `Cookie` each cookie.
    public static func secrets(in value: String, ofHeader name: String) -> [String] {
        guard SecretKey.namesHeader(name) else {
            let found = SecretPatterns.secrets(in: value)
            return found + (value.lowercased().hasPrefix("basic ") ? found.compactMap(password) : [])
        }
        if SecretKey.namesCookie(name.utf8) { return [value] + value.split(separator: ";").flatMap(cookie) }
        let words = value.split(separator: " ")
        guard words.count == 2, let scheme = words.first, let credentials = words.last else { return [value] }
        return [String(credentials)] + (scheme.lowercased() == "basic" ? [password(String(credentials))].compactMap(\.self) : [])
    }

    private static func password(_ base64: String) -> String? { BasicCredentials(base64: base64.utf8)?.password }

    /// The password of a URL, as it is written and without its percent-encoding. The scheme may be missing.
    public static func secrets(inURL url: String) -> [String] {
        SecretPatterns.secrets(in: url.contains("://") ? url : "http://" + url).flatMap { [$0, percentDecoded($0)] }
    }

    /// A cookie with its name, and without it where no word could be meant by it.
    private static func cookie(_ text: Substring) -> [String] {
        let pair = text.drop { $0 == " " }
        let value = pair.drop { $0 != "=" }.dropFirst()
        let isUnlikelyWord = value.utf8.count >= 16 || value.utf8.contains(where: \.isDigit)
        return [String(pair)] + (isUnlikelyWord ? [String(value)] : [])
    }

    private static func percentDecoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Substring(text).utf8
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            if byte == UInt8(ascii: "%"), digits.count == 2, let decoded = UInt8(String(digits) ?? "", radix: 16) {
                bytes.append(decoded)
                rest.removeFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

import JSON

/// Gateways that quote the error of the server behind them within a message of their own.
extension ServerErrorMessage {
    /// Puts the message of a quoted error in the place of its JSON, and takes over what it says more exactly.
    /// - Parameters:
    ///   - text: the gateway's message, uncut.
    ///   - metadata: what OpenRouter says beside it: `raw` is the body of the server's error.
    mutating func unwrap(_ text: String, metadata: JSONValue?, depth: Int) {
        let lead: String
        let inner: ServerErrorMessage?
        switch metadata?["raw"] {
        case .string(let raw)?: (lead, inner) = (text + ": ", Self(body: Array(raw.utf8), depth: depth + 1))
        case .object(let raw)?: (lead, inner) = (text + ": ", Self(.object(raw), depth: depth + 1))
        default:
            guard let (before, json) = Self.quotation(in: text) else { return }
            (lead, inner) = (before, (try? JSONValue(parsing: json)).flatMap { Self($0, depth: depth + 1) })
        }
        guard let inner else { return }
        quoted = inner.quoted ?? inner.message
        message = (lead.excerpt(upTo: Self.messageLimit / 2) + inner.message).excerpt(upTo: Self.messageLimit)
        type = inner.type ?? type
        param = inner.param ?? param
        // Of a name and a number the name says more.
        if code?.string.map({ Int($0) != nil }) ?? true { code = inner.code ?? code }
    }

    /// LiteLLM's `litellm.BadRequestError: Hosted_vllmException - {…}. Received Model Group=…`: what stands before the JSON, and the JSON.
    /// Only its own words may stand before: what a user wrote, and a server repeated, opens no quotation.
    private static func quotation(in text: String) -> (before: String, json: [UInt8])? {
        let bytes = text.utf8
        guard text.hasPrefix("litellm."), let start = bytes.firstIndex(of: UInt8(ascii: "{")) else { return nil }
        let before = text[..<start]
        guard before.hasSuffix("Exception - "), before.utf8.allSatisfy(isOfName) else { return nil }
        var depth = 0
        var isInString = false
        var isEscaped = false
        for index in bytes.indices[start...] {
            switch bytes[index] {
            case _ where isEscaped: isEscaped = false
            case UInt8(ascii: "\\") where isInString: isEscaped = true
            case UInt8(ascii: "\""): isInString.toggle()
            case UInt8(ascii: "{") where !isInString: depth += 1
            case UInt8(ascii: "}") where !isInString:
                depth -= 1
                if depth == 0 { return (String(before), Array(bytes[start...index])) }
            default: break
            }
        }
        return nil
    }

    /// Whether a byte may stand in the names of errors and what joins them.
    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: ":"), UInt8(ascii: " "):
            true
        default: false
        }
    }
}

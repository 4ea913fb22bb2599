import JSON

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Secrets known by their value, to be found anywhere in a text.
struct KnownSecrets: Sendable {
    /// A spelling of a secret.
    private struct Needle: Sendable {
        let bytes: [UInt8]
        /// The place of the byte that is looked for first: one that is rarer in texts than a small letter, where there is one.
        let rarest: Int

        init(_ bytes: [UInt8]) {
            self.bytes = bytes
            rarest = bytes.firstIndex { !$0.isLowerCase && !$0.isSpace } ?? 0
        }
    }

    private let needles: [Needle]
    /// The length of the shortest.
    private let minimum: Int

    /// The secrets worth looking for, the longest first, so that one that contains another goes as a whole; also in the spellings that
    /// they have inside a JSON string, a URL and a page of HTML.
    init(_ secrets: [String]) {
        let wanted = secrets.filter { $0.utf8.count >= 6 }
        let needles = Set(wanted.flatMap(Self.spellings))
        self.needles = needles.sorted { ($1.count, $0.description) < ($0.count, $1.description) }.map(Needle.init)
        minimum = needles.map(\.count).min() ?? .max
    }

    private static func spellings(of secret: String) -> [[UInt8]] {
        let json = Array(JSONValue.string(secret).bytes.dropFirst().dropLast())
        let percentEncoded = [UInt8(ascii: "A"), UInt8(ascii: "a")].map { ten in
            secret.utf8.flatMap { $0.isUnreserved ? [$0] : Self.percentEncoded($0, ten: ten) }
        }
        let html = quotationMarks.map { marks in secret.utf8.flatMap { htmlEscaped($0, marks) } }
        // PHP and some others escape the slash in JSON.
        return [Array(secret.utf8), json, json.flatMap { $0 == UInt8(ascii: "/") ? [UInt8(ascii: "\\"), $0] : [$0] }] + percentEncoded
            + html
    }

    private static func percentEncoded(_ byte: UInt8, ten: UInt8) -> [UInt8] {
        [UInt8(ascii: "%")] + [byte >> 4, byte & 15].map { $0 < 10 ? UInt8(ascii: "0") + $0 : ten + $0 - 10 }
    }

    /// How HTML is made to hold `"` and `'`: by Python's `html.escape`, by Go and Jinja, by JavaScript's libraries, by PHP.
    private static let quotationMarks = [("&quot;", "&#x27;"), ("&#34;", "&#39;"), ("&quot;", "&#39;"), ("&quot;", "&#039;")]

    private static func htmlEscaped(_ byte: UInt8, _ marks: (double: String, single: String)) -> [UInt8] {
        switch Unicode.Scalar(byte) {
        case "&": Array("&amp;".utf8)
        case "<": Array("&lt;".utf8)
        case ">": Array("&gt;".utf8)
        case "\"": Array(marks.double.utf8)
        case "'": Array(marks.single.utf8)
        default: [byte]
        }
    }

    /// Whether one of the secrets is in the text.
    func occur(in text: String) -> Bool { redacted(text) != nil }

    /// The text without the secrets; `nil` where there are none in it.
    func redacted(_ text: String) -> String? {
        guard text.utf8.count >= minimum else { return nil }
        var result: String?
        for needle in needles { result = Self.redacted(result ?? text, needle) ?? result }
        return result
    }

    private static func redacted(_ text: String, _ needle: Needle) -> String? {
        guard text.utf8.count >= needle.bytes.count else { return nil }
        var text = text
        return text.withUTF8 { bytes in
            var output: [UInt8] = []
            var copied = 0
            while let found = find(needle, in: bytes, from: copied) {
                output += bytes[copied..<found]
                output += Redactor.mask.utf8
                copied = found + needle.bytes.count
            }
            return copied == 0 ? nil : String(decoding: output + bytes[copied...], as: UTF8.self)
        }
    }

    private static func find(_ needle: Needle, in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        guard let base = bytes.baseAddress else { return nil }
        var start = start
        let last = bytes.count - needle.bytes.count
        while start <= last, let found = memchr(base + start + needle.rarest, Int32(needle.bytes[needle.rarest]), last - start + 1) {
            start = UnsafeRawPointer(found) - UnsafeRawPointer(base) - needle.rarest
            if memcmp(base + start, needle.bytes, needle.bytes.count) == 0 { return start }
            start += 1
        }
        return nil
    }
}

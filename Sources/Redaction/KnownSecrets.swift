import JSON

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Secrets known by their value, to be found anywhere in a text.
struct KnownSecrets: Sendable {
    private let needles: [[UInt8]]

    /// The secrets worth looking for, the longest first, so that one that contains another goes as a whole; also in the spellings that
    /// they have inside a JSON string, a URL and a page of HTML.
    init(_ secrets: [String]) {
        let wanted = secrets.filter { $0.utf8.count >= 6 }
        let needles = Set(wanted.flatMap(Self.spellings))
        self.needles = needles.sorted { ($1.count, $0.description) < ($0.count, $1.description) }
    }

    private static func spellings(of secret: String) -> [[UInt8]] {
        [
            Array(secret.utf8), Array(JSONValue.string(secret).bytes.dropFirst().dropLast()),
            secret.utf8.flatMap { $0.isUnreserved ? [$0] : percentEncoded($0) }, secret.utf8.flatMap(htmlEscaped),
        ]
    }

    private static func percentEncoded(_ byte: UInt8) -> [UInt8] {
        [UInt8(ascii: "%")] + [byte >> 4, byte & 15].map { $0 < 10 ? UInt8(ascii: "0") + $0 : UInt8(ascii: "A") + $0 - 10 }
    }

    private static func htmlEscaped(_ byte: UInt8) -> [UInt8] {
        switch Unicode.Scalar(byte) {
        case "&": Array("&amp;".utf8)
        case "<": Array("&lt;".utf8)
        case ">": Array("&gt;".utf8)
        case "\"": Array("&quot;".utf8)
        case "'": Array("&#x27;".utf8)
        default: [byte]
        }
    }

    /// Whether one of the secrets is in the text.
    func occur(in text: String) -> Bool { redacted(text) != nil }

    /// The text without the secrets; `nil` where there are none in it.
    func redacted(_ text: String) -> String? {
        needles.reduce(nil as String?) { result, needle in Self.redacted(result ?? text, needle) ?? result }
    }

    private static func redacted(_ text: String, _ needle: [UInt8]) -> String? {
        guard text.utf8.count >= needle.count else { return nil }
        var text = text
        return text.withUTF8 { bytes in
            var output: [UInt8] = []
            var copied = 0
            while let found = find(needle, in: bytes[copied...]) {
                output += bytes[copied..<found]
                output += Redactor.mask.utf8
                copied = found + needle.count
            }
            return copied == 0 ? nil : String(decoding: output + bytes[copied...], as: UTF8.self)
        }
    }

    private static func find(_ needle: [UInt8], in bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
        guard let base = bytes.base.baseAddress else { return nil }
        var start = bytes.startIndex
        let last = bytes.endIndex - needle.count
        while start <= last, let first = memchr(base + start, Int32(needle[0]), last - start + 1) {
            start = UnsafeRawPointer(first) - UnsafeRawPointer(base)
            if memcmp(base + start, needle, needle.count) == 0 { return start }
            start += 1
        }
        return nil
    }
}

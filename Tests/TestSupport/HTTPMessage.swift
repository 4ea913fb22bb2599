/// What both kinds of HTTP/1.1 message have, taken out of recorded bytes.
public struct HTTPMessage: Sendable {
    /// The first line.
    public let startLine: String
    /// The header fields in order, names in lower case.
    public let headers: [(name: String, value: String)]
    /// The body with the chunked framing taken off.
    public let body: [UInt8]
    /// Whether the body is all there: `content-length` bytes, or chunks up to the last one.
    public let endedCleanly: Bool

    /// The value of a header field, if it is there.
    public subscript(header: String) -> String? {
        headers.first { $0.name == header.lowercased() }?.value
    }

    /// The body as text.
    public var text: String { String(decoding: body, as: UTF8.self) }

    /// Takes a message apart; `nil` where not even the head is whole.
    /// - Parameter hasBody: whether a body follows; a response to HEAD has the headers of one only.
    init?(_ bytes: [UInt8], hasBody: Bool = true) {
        guard let head = Self.head(of: bytes[...]) else { return nil }
        (startLine, headers) = (head.startLine, head.headers)
        let rest = bytes[head.end...]
        func value(_ name: String) -> String? { head.headers.first(where: { $0.name == name })?.value }
        if !hasBody {
            (body, endedCleanly) = ([], true)
        } else if value("transfer-encoding")?.lowercased() == "chunked" {
            (body, endedCleanly) = Self.dechunked(rest)
        } else if let length = value("content-length").flatMap({ Int($0) }) {
            (body, endedCleanly) = (Array(rest.prefix(length)), rest.count >= length)
        } else {
            (body, endedCleanly) = (Array(rest), true)
        }
    }

    private static func head(of bytes: ArraySlice<UInt8>) -> (startLine: String, headers: [(name: String, value: String)], end: Int)? {
        var lines: [String] = []
        var rest = bytes
        while let line = takeLine(&rest) {
            guard line.isEmpty else {
                lines.append(line)
                continue
            }
            guard let first = lines.first else { return nil }
            // `100 Continue` and its like announce the response that follows.
            if first.hasPrefix("HTTP/1.1 1") { return head(of: rest) }
            return (first, lines.dropFirst().map(field), rest.startIndex)
        }
        return nil
    }

    private static func field(_ line: String) -> (name: String, value: String) {
        let colon = line.firstIndex(of: ":") ?? line.endIndex
        return (line[..<colon].lowercased(), String(line[colon...].dropFirst().drop { $0 == " " }))
    }

    /// The line at the front without its CRLF, taken off; `nil` where none is whole.
    private static func takeLine(_ bytes: inout ArraySlice<UInt8>) -> String? {
        guard let feed = bytes.firstIndex(of: UInt8(ascii: "\n")), feed > bytes.startIndex else { return nil }
        defer { bytes = bytes[(feed + 1)...] }
        return String(decoding: bytes[..<(feed - 1)], as: UTF8.self)
    }

    private static func dechunked(_ framed: ArraySlice<UInt8>) -> (body: [UInt8], endedCleanly: Bool) {
        var rest = framed
        var body: [UInt8] = []
        while let line = takeLine(&rest), let size = Int(line.prefix { $0 != ";" }, radix: 16) {
            if size == 0 { return (body, true) }
            body += rest.prefix(size)
            rest = rest.dropFirst(size + 2)
        }
        return (body, false)
    }
}

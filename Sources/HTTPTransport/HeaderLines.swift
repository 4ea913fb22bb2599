import CCurl

/// The header fields of a request as libcurl takes them: a list of lines. Requests with the same fields share one.
final class HeaderLines: @unchecked Sendable {
    // @unchecked: nothing changes after `init`; libcurl only reads the list.

    let list: UnsafeMutablePointer<curl_slist>?
    private let fields: HTTPHeaders
    private let hasBody: Bool

    /// - Throws: `.invalidRequest` for a field that cannot be sent.
    init(_ request: HTTPRequest) throws(TransportError) {
        fields = request.headers
        hasBody = request.body != nil
        // An empty value takes away what libcurl would send of its own: a wait for "100 Continue" and the content type of HTML forms.
        var lines = fields["Expect"] == nil ? ["Expect:"] : []
        if hasBody, fields["Content-Type"] == nil { lines.append("Content-Type:") }
        for (name, value) in fields {
            guard !name.isEmpty, name.utf8.allSatisfy(isTokenByte) else {
                throw TransportError(.invalidRequest, "\"\(name)\" is not the name of a header field")
            }
            guard !value.utf8.contains(where: { $0 == 0 || $0 == 10 || $0 == 13 }) else {
                throw TransportError(.invalidRequest, "the header field \(name) holds a line break or a NUL")
            }
            let isReserved = ["content-length", "transfer-encoding"].contains(name.lowercased())
            guard !isReserved else { throw TransportError(.invalidRequest, "the header field \(name) is set by the transport") }
            // A semicolon is libcurl's way to send a field without a value.
            lines.append(value.utf8.allSatisfy { $0 == 32 || $0 == 9 } ? "\(name);" : "\(name): \(value)")
        }
        list = lines.reduce(nil) { list, line in curl_slist_append(list, line) ?? list }
    }

    deinit { curl_slist_free_all(list) }

    /// Whether they are those of `request`, too.
    func fit(_ request: HTTPRequest) -> Bool { hasBody == (request.body != nil) && fields == request.headers }
}

/// RFC 9110 §5.6.2.
func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
}

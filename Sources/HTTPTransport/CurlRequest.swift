import CCurl

/// A request that was checked and laid out as libcurl wants it, ready to be sent.
final class CurlRequest: @unchecked Sendable {
    // @unchecked: nothing changes after `init`; libcurl only reads what the pointers lead to.

    let method: String
    let url: String
    let address: ServerAddress
    let timeouts: HTTPTimeouts
    let headers: UnsafeMutablePointer<curl_slist>?
    /// A copy, since libcurl needs the bytes at one place for as long as the exchange lasts, and an array does not promise that.
    let body: UnsafeMutableBufferPointer<UInt8>?

    init(_ request: HTTPRequest) throws(TransportError) {
        guard !request.method.isEmpty, request.method.utf8.allSatisfy(isTokenByte) else {
            throw TransportError(.invalidRequest, "\"\(request.method)\" is not an HTTP method")
        }
        guard request.method != "HEAD" || request.body == nil else {
            throw TransportError(.invalidRequest, "a HEAD request has no body")
        }
        method = request.method
        url = request.url
        address = try ServerAddress(url: request.url)
        timeouts = request.timeouts
        headers = try headerList(request)
        body = request.body.map { bytes in
            let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
            _ = copy.initialize(from: bytes)
            return copy
        }
    }

    deinit {
        curl_slist_free_all(headers)
        body?.deallocate()
    }
}

/// The header fields as libcurl takes them: a list of lines.
private func headerList(_ request: HTTPRequest) throws(TransportError) -> UnsafeMutablePointer<curl_slist>? {
    // An empty value takes away what libcurl would send of its own: a wait for "100 Continue" and the content type of HTML forms.
    var lines = request.headers["Expect"] == nil ? ["Expect:"] : []
    if request.body != nil, request.headers["Content-Type"] == nil { lines.append("Content-Type:") }
    for (name, value) in request.headers {
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
    return lines.reduce(nil) { list, line in curl_slist_append(list, line) ?? list }
}

/// RFC 9110 §5.6.2.
private func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
}

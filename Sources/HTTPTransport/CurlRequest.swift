/// A request that was checked and laid out as libcurl wants it, ready to be sent.
struct CurlRequest: Sendable {
    /// What most requests have in common with the one before: it is checked and laid out once.
    struct Common: Sendable {
        let url: ParsedURL
        let headers: HeaderLines
    }

    let method: String
    let common: Common
    let timeouts: HTTPTimeouts
    var body: [UInt8]?

    var url: ParsedURL { common.url }
    var address: ServerAddress { common.url.address }

    /// - Parameter last: what an earlier request had, of which is used what this one has, too.
    init(_ request: HTTPRequest, like last: Common?) throws(TransportError) {
        guard !request.method.isEmpty, request.method.utf8.allSatisfy(isTokenByte) else {
            throw TransportError(.invalidRequest, "\"\(request.method)\" is not an HTTP method")
        }
        guard request.method != "HEAD" || request.body == nil else {
            throw TransportError(.invalidRequest, "a HEAD request has no body")
        }
        method = request.method
        let url = if let last, last.url.text == request.url { last.url } else { try ParsedURL(request.url) }
        let headers = if let last, last.headers.fit(request) { last.headers } else { try HeaderLines(request) }
        common = Common(url: url, headers: headers)
        timeouts = request.timeouts
        body = request.body
    }
}

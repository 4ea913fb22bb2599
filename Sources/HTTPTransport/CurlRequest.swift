/// A request that was checked and laid out as libcurl wants it, ready to be sent.
struct CurlRequest: Sendable {
    /// What most requests have in common with the one before: it is checked and laid out once.
    struct Common: Sendable {
        let url: String
        let address: ServerAddress
        let headers: HeaderLines
    }

    let method: String
    let common: Common
    let timeouts: HTTPTimeouts
    var body: [UInt8]?

    var url: String { common.url }
    var address: ServerAddress { common.address }

    /// - Parameter last: what an earlier request had, of which is used what this one has, too.
    init(_ request: HTTPRequest, like last: Common?) throws(TransportError) {
        guard !request.method.isEmpty, request.method.utf8.allSatisfy(isTokenByte) else {
            throw TransportError(.invalidRequest, "\"\(request.method)\" is not an HTTP method")
        }
        guard request.method != "HEAD" || request.body == nil else {
            throw TransportError(.invalidRequest, "a HEAD request has no body")
        }
        method = request.method
        let address = if let last, last.url == request.url { last.address } else { try ServerAddress(url: request.url) }
        let headers = if let last, last.headers.fit(request) { last.headers } else { try HeaderLines(request) }
        common = Common(url: request.url, address: address, headers: headers)
        timeouts = request.timeouts
        body = request.body
    }
}

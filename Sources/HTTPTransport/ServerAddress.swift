import CCurl

/// Where a URL leads, as messages name it: `host:port`.
struct ServerAddress: Sendable, Hashable, CustomStringConvertible {
    let host: String
    let port: String
    /// Whether TLS is spoken with it.
    let isSecure: Bool

    var description: String { "\(host):\(port)" }

    /// The host and port of `url`, read by libcurl's own parser so that nothing is accepted here that it would read otherwise.
    /// - Throws: `.invalidURL`, saying what is wrong; the URL itself is not repeated when it holds a user or a password.
    init(url: String) throws(TransportError) {
        guard !url.utf8.contains(0) else { throw TransportError(.invalidURL, "the URL holds a NUL character") }
        guard let parser = curl_url() else { throw TransportError(.other, "out of memory") }
        defer { curl_url_cleanup(parser) }
        let result = curl_url_set(parser, CURLUPART_URL, url, 0)
        guard part(parser, CURLUPART_USER) == nil, part(parser, CURLUPART_PASSWORD) == nil else {
            throw TransportError(.invalidURL, "the URL holds a user name or a password: send an Authorization header instead")
        }
        guard result == CURLUE_OK else {
            // Where parsing failed, a password may still stand before an "@".
            let shown = url.contains("@") ? "the URL" : "\"\(url)\""
            let hint = url.contains("://") ? "" : "; a URL starts with http:// or https://"
            throw TransportError(.invalidURL, "\(shown) cannot be used: \(String(cString: curl_url_strerror(result)))\(hint)")
        }
        let scheme = part(parser, CURLUPART_SCHEME) ?? ""
        guard scheme == "http" || scheme == "https" else {
            throw TransportError(.invalidURL, "the URL's scheme is \(scheme): only http and https can be used")
        }
        isSecure = scheme == "https"
        host = part(parser, CURLUPART_HOST) ?? ""
        port = part(parser, CURLUPART_PORT, flags: UInt32(CURLU_DEFAULT_PORT)) ?? ""
    }
}

private func part(_ parser: OpaquePointer, _ part: CURLUPart, flags: UInt32 = 0) -> String? {
    var value: UnsafeMutablePointer<CChar>?
    guard curl_url_get(parser, part, &value, flags) == CURLUE_OK, let value else { return nil }
    defer { curl_free(value) }
    return String(cString: value)
}

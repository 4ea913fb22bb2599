import CCurl

/// A URL, read once: libcurl otherwise reads it again for every request, and puts it together anew.
final class ParsedURL: @unchecked Sendable {
    // @unchecked: nothing changes after `init`; libcurl only makes copies of what it read.

    /// The URL as it was given.
    let text: String
    /// Where it leads.
    let address: ServerAddress
    /// What libcurl has read; `nil` where it has to read the text itself: of an address with a zone, 7.88 copies all but that.
    var read: OpaquePointer? { hasZone ? nil : handle }

    private let handle: OpaquePointer
    private let hasZone: Bool

    /// Reads a URL with libcurl's own parser, so that nothing is accepted here that it would read otherwise.
    /// - Throws: `.invalidURL`, saying what is wrong; the URL itself is not repeated when it holds a user or a password.
    init(_ text: String) throws(TransportError) {
        guard !text.utf8.contains(0) else { throw TransportError(.invalidURL, "the URL holds a NUL character") }
        guard let handle = curl_url() else { throw TransportError(.other, "out of memory") }
        do { address = try Self.read(text, into: handle) } catch {
            curl_url_cleanup(handle)
            throw error
        }
        self.text = text
        self.handle = handle
        hasZone = part(handle, CURLUPART_ZONEID) != nil
    }

    deinit { curl_url_cleanup(handle) }

    private static func read(_ url: String, into handle: OpaquePointer) throws(TransportError) -> ServerAddress {
        let result = curl_url_set(handle, CURLUPART_URL, url, 0)
        guard part(handle, CURLUPART_USER) == nil, part(handle, CURLUPART_PASSWORD) == nil else {
            throw TransportError(.invalidURL, "the URL holds a user name or a password: send an Authorization header instead")
        }
        guard result == CURLUE_OK else {
            // Where parsing failed, a password may still stand before an "@".
            let shown = url.contains("@") ? "the URL" : "\"\(url)\""
            let hint = url.contains("://") ? "" : "; a URL starts with http:// or https://"
            throw TransportError(.invalidURL, "\(shown) cannot be used: \(String(cString: curl_url_strerror(result)))\(hint)")
        }
        let scheme = part(handle, CURLUPART_SCHEME) ?? ""
        guard scheme == "http" || scheme == "https" else {
            throw TransportError(.invalidURL, "the URL's scheme is \(scheme): only http and https can be used")
        }
        return ServerAddress(
            host: part(handle, CURLUPART_HOST) ?? "", port: part(handle, CURLUPART_PORT, flags: UInt32(CURLU_DEFAULT_PORT)) ?? "",
            isSecure: scheme == "https")
    }
}

private func part(_ parser: OpaquePointer, _ part: CURLUPart, flags: UInt32 = 0) -> String? {
    var value: UnsafeMutablePointer<CChar>?
    guard curl_url_get(parser, part, &value, flags) == CURLUE_OK, let value else { return nil }
    defer { curl_free(value) }
    return String(cString: value)
}

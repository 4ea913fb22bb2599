#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Where a server is: `http://host:8000`, with or without `/v1`, behind a path prefix or not.
///
/// vLLM answers its OpenAI-compatible calls under `/v1` and its own (`/health`, `/version`, `/tokenize`) beside it, so a trailing
/// `/v1` is not part of what is kept here: both kinds of path are put behind the same `root`.
public struct BaseURL: Sendable, Hashable {
    /// Scheme, authority and path prefix, without a trailing slash and without `/v1`.
    public let root: String

    /// Reads a URL as people write it: trailing slashes, a trailing `/v1` and white space around it do not matter.
    /// - Throws: `InvalidBaseURL`, whose message says what to write instead.
    public init(_ text: String) throws(InvalidBaseURL) {
        let text = text.trimmed
        let shown = Self.withoutSecrets(text)
        guard !text.isEmpty else {
            throw InvalidBaseURL("the base URL is empty: write http://HOST:PORT, for example http://localhost:8000")
        }
        if let byte = text.utf8.first(where: { $0 <= 0x20 || $0 >= 0x7F || "\"<>\\^`{|}".utf8.contains($0) }) {
            let what =
                byte >= 0x7F ? "a character outside ASCII" : byte <= 0x20 ? "white space or a control character" : "\(Unicode.Scalar(byte))"
            throw InvalidBaseURL("\(shown.debugDescription) holds \(what), which a URL must not: percent-encode it")
        }
        let (scheme, rest) = try Self.splitScheme(of: text, shown: shown)
        if let mark = rest.first(where: { $0 == "?" || $0 == "#" }) {
            let what = mark == "?" ? "a query" : "a fragment"
            throw InvalidBaseURL("\(shown) is followed by \(what) (\(mark)…): a base URL has none, leave it out")
        }
        let pathStart = rest.firstIndex(of: "/") ?? rest.endIndex
        let authority = rest[..<pathStart]
        guard !authority.contains("@") else {
            throw InvalidBaseURL("the base URL holds credentials (user:password@): leave them out and set the API key instead")
        }
        try Self.check(authority: authority, shown: shown)
        root = "\(scheme)://\(authority)" + (try Self.prefix(in: rest[pathStart...], shown: shown))
    }

    /// The URL of a path such as `/v1/chat/completions` or `/health`.
    /// - Parameter path: a path from the server's root, with its leading slash.
    public func url(for path: String) -> String { root + path }
}

extension BaseURL: CustomStringConvertible {
    /// The URL, without a trailing slash and without `/v1`.
    public var description: String { root }
}

extension BaseURL {
    /// The text without credentials and query, fit for an error message.
    private static func withoutSecrets(_ text: String) -> String {
        let text = text.prefix { $0 != "?" && $0 != "#" }
        let authorityStart = text.firstRange(of: "://")?.upperBound ?? text.startIndex
        guard let at = text[authorityStart...].lastIndex(of: "@") else { return String(text) }
        return text[..<authorityStart] + "…" + text[at...]
    }

    private static func splitScheme(of text: String, shown: String) throws(InvalidBaseURL) -> (scheme: String, rest: Substring) {
        guard let separator = text.firstRange(of: "://") else {
            throw InvalidBaseURL("\(shown) has no scheme: write http://\(shown.contains("@") ? "HOST:PORT" : shown)")
        }
        let scheme = text[..<separator.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else {
            throw InvalidBaseURL("\(shown) has the scheme \(scheme.debugDescription): only http:// and https:// can be used")
        }
        return (scheme, text[separator.upperBound...])
    }

    private static func check(authority: Substring, shown: String) throws(InvalidBaseURL) {
        let host: Substring
        let port: Substring?
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { throw InvalidBaseURL("\(shown) has a [ without its ]") }
            host = authority[authority.index(after: authority.startIndex)..<end]
            let after = authority[authority.index(after: end)...]
            guard isIPv6(host) else {
                throw InvalidBaseURL("\(shown): [\(host)] is not an IPv6 address: write it as http://[::1]:8000")
            }
            guard after.isEmpty || after.first == ":" else {
                throw InvalidBaseURL("\(shown): [\(host)] is not followed by a port: write http://[::1]:8000")
            }
            port = after.isEmpty ? nil : after.dropFirst()
        } else {
            guard authority.count(where: { $0 == ":" }) < 2 else {
                throw InvalidBaseURL("\(shown) has an IPv6 address without brackets: write it as http://[::1]:8000")
            }
            let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
            host = parts.first ?? ""
            port = parts.count > 1 ? parts[1] : nil
            guard !host.isEmpty else { throw InvalidBaseURL("\(shown) names no host: write http://HOST:PORT") }
            guard host.utf8.allSatisfy(isHostByte) else { throw InvalidBaseURL("\(shown): \(host) is not a host name") }
        }
        guard let port else { return }
        guard port.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let number = Int(port), 1...65535 ~= number
        else { throw InvalidBaseURL("\(shown) has the port \(String(port).debugDescription): a port is a number from 1 to 65535") }
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "-._~".utf8.contains(byte)
        }
    }

    /// Whether `text` is an IPv6 address, a zone behind `%25` (RFC 6874) allowed.
    private static func isIPv6(_ text: Substring) -> Bool {
        let address = text.firstRange(of: "%25").map { text[..<$0.lowerBound] } ?? text
        var parsed = in6_addr()
        return inet_pton(AF_INET6, String(address), &parsed) == 1
    }

    /// The path without trailing slashes and without a trailing `/v1`.
    private static func prefix(in path: Substring, shown: String) throws(InvalidBaseURL) -> String {
        var path = withoutTrailingSlashes(path)
        for endpoint in ["/chat/completions", "/completions", "/models"] where path.hasSuffix("/v1" + endpoint) {
            throw InvalidBaseURL("\(shown) is the URL of one call: leave out \(endpoint)")
        }
        if path.hasSuffix("/v1") { path = withoutTrailingSlashes(path.dropLast(3)) }
        return String(path)
    }

    private static func withoutTrailingSlashes(_ path: Substring) -> Substring {
        var path = path
        while path.hasSuffix("/") { path.removeLast() }
        return path
    }
}

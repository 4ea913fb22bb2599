import JSON
import ProviderKit

/// Where the media of a block are.
enum MediaSource {
    /// A URL that the server takes: http, https or data.
    case url(String)
    /// Bytes as base64.
    case base64(String, mediaType: String?)
    /// A file on the host's machine.
    case file(String)

    /// What a source may be, for error messages.
    static let hint = "a source has `data` (base64) and `media_type`, a `url`, or the `path` of a file"

    /// Reads a block's `source`.
    /// - Throws: `ProviderError` with the code `invalidRequest`.
    init(_ source: JSONObject, of kind: MediaKind) throws(ProviderError) {
        if let data = source["data"]?.string {
            // Some hosts put a whole data URL here.
            if Self.scheme(of: data) == "data" {
                self = .url(data)
            } else {
                try Self.check(data, of: kind)
                self = .base64(data, mediaType: source["media_type"]?.string)
            }
        } else if let url = source["url"]?.string {
            try self.init(url: url, of: kind)
        } else if let path = source["path"]?.string {
            self = Self.scheme(of: path) == "file" ? try Self(url: path, of: kind) : .file(path)
        } else {
            throw ProviderError(
                .invalidRequest, "the source of a block of the type \(kind.rawValue) has neither `data` nor `url` nor `path`",
                hint: Self.hint)
        }
    }

    /// Reads a URL.
    /// - Throws: `ProviderError` with the code `invalidRequest`, for one that neither the server nor this machine can read.
    init(url: String, of kind: MediaKind) throws(ProviderError) {
        switch Self.scheme(of: url) {
        case "http", "https", "data": self = .url(url)
        case "file":
            guard let path = Self.path(ofFileURL: url) else {
                throw ProviderError(
                    .invalidRequest, "the file of the URL \(Self.excerpt(url)) is on another machine",
                    hint: "write the path of a file on this one: file:///home/me/picture.png")
            }
            self = .file(path)
        case let scheme?:
            throw ProviderError(
                .invalidRequest, "the URL of a block of the type \(kind.rawValue) begins with \(Self.excerpt(scheme)):",
                hint: "it may be an http, https, data or file URL")
        case nil:
            throw ProviderError(
                .invalidRequest, "the `url` of a block of the type \(kind.rawValue) is none: \(Self.excerpt(url))", hint: Self.hint)
        }
    }

    /// Looks at the beginning of what is to be base64: most mistakes, such as a path or a text in its place, show there.
    private static func check(_ data: String, of kind: MediaKind) throws(ProviderError) {
        guard !data.isEmpty else {
            throw ProviderError(.invalidRequest, "the `data` of a block of the type \(kind.rawValue) are empty", hint: hint)
        }
        guard !Base64.canBegin(data) else { return }
        throw ProviderError(
            .invalidRequest, "the `data` of a block of the type \(kind.rawValue) are no base64: they begin with \(excerpt(data))",
            hint: hint)
    }

    /// The beginning of a text that may be of any length.
    private static func excerpt(_ text: String) -> String { text.utf8.count > 100 ? "\(text.prefix(80))…" : text }

    /// The scheme of a URL in small letters. Only a URL's beginning is looked at: the rest may be a film.
    private static func scheme(of url: String) -> String? {
        let head = url.utf8.prefix(32)
        guard let end = head.firstIndex(of: UInt8(ascii: ":")), end > head.startIndex else { return nil }
        let scheme = url[..<end]
        return scheme.utf8.allSatisfy { UInt8(ascii: "!")...UInt8(ascii: "~") ~= $0 && $0 != UInt8(ascii: "/") } ? scheme.lowercased() : nil
    }

    /// The path of a `file:` URL; `nil` where it names another host.
    private static func path(ofFileURL url: String) -> String? {
        var rest = url.dropFirst("file:".count)
        if rest.hasPrefix("//") {
            rest = rest.dropFirst(2)
            let host = rest.prefix { $0 != "/" }
            guard host.isEmpty || host.lowercased() == "localhost" else { return nil }
            rest = rest.dropFirst(host.count)
        }
        return percentDecoded(rest)
    }

    private static func percentDecoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            if byte == UInt8(ascii: "%"), digits.count == 2, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
                let value = UInt8(String(Substring(digits)), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

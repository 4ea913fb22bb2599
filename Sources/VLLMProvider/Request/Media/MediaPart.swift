import JSON
import ProviderKit

/// Media as parts of a `content` list.
enum MediaPart {
    /// A block with a `source`. Bytes of sound become `input_audio`; all else is named by a URL, which may hold the bytes.
    /// - Throws: `ProviderError` with the code `invalidRequest`.
    static func map(_ kind: MediaKind, source: JSONObject, detail: JSONValue?) throws(ProviderError) -> JSONValue {
        let source = try MediaSource(source, of: kind)
        if kind == .audio {
            switch source {
            case .base64(let data, let mediaType): return inputAudio(data, try self.mediaType(mediaType, of: data, kind))
            case .file(let path):
                let file = try MediaFile(path, of: kind)
                return inputAudio(Base64.encode(file.bytes), file.mediaType)
            case .url: break
            }
        }
        var value: JSONObject = ["url": .string(try url(of: source, kind))]
        value["detail"] = detail
        return ["type": .string(kind.urlPart), kind.urlPart: .object(value)]
    }

    /// A part in OpenAI's shape, with its URL as a string or an object: as it is, but for a file, which is read here.
    /// - Throws: `ProviderError` with the code `invalidRequest`.
    static func map(_ kind: MediaKind, urlPart part: JSONObject) throws(ProviderError) -> JSONValue {
        var part = part
        var value = part[kind.urlPart]?.object ?? [:]
        guard let text = part[kind.urlPart]?.string ?? value["url"]?.string else {
            throw ProviderError(.invalidRequest, "a block of the type \(kind.urlPart) has no `url`")
        }
        value["url"] = .string(try url(of: MediaSource(url: text, of: kind), kind))
        part[kind.urlPart] = .object(value)
        return .object(part)
    }

    private static func url(of source: MediaSource, _ kind: MediaKind) throws(ProviderError) -> String {
        switch source {
        case .url(let url): return url
        case .base64(let data, let mediaType): return "data:\(try self.mediaType(mediaType, of: data, kind));base64,\(data)"
        case .file(let path):
            let file = try MediaFile(path, of: kind)
            return Base64.encode(file.bytes, after: "data:\(file.mediaType);base64,")
        }
    }

    /// The media type that bytes in base64 came with, or else the one that they begin like.
    private static func mediaType(_ given: String?, of data: String, _ kind: MediaKind) throws(ProviderError) -> String {
        if let given { return given }
        if let type = kind.mediaType(ofBytes: Base64.head(of: data, count: MediaKind.headLength)) { return type }
        throw ProviderError(
            .invalidRequest, "a block of the type \(kind.rawValue) has no `media_type`, and its data begin as no known format does",
            hint: "give its media_type, or one of \(kind.formats)")
    }

    private static func inputAudio(_ data: String, _ mediaType: String) -> JSONValue {
        ["type": "input_audio", "input_audio": ["data": .string(data), "format": .string(format(mediaType))]]
    }

    /// The format's name in `input_audio`: OpenAI's `wav` and `mp3`, and of others the media type's own.
    private static func format(_ mediaType: String) -> String {
        let name = mediaType.prefix { $0 != ";" }.lowercased()
        let subtype = name.split(separator: "/").last.map(String.init) ?? name
        switch subtype {
        case "mpeg": return "mp3"
        case "wave", "x-wav", "vnd.wave": return "wav"
        default: return subtype.hasPrefix("x-") ? String(subtype.dropFirst(2)) : subtype
        }
    }
}

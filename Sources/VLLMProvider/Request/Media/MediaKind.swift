/// What kind of media a block holds.
enum MediaKind: String {
    case image
    case audio
    case video

    /// The kind of OpenAI's `image_url`, and of `audio_url` and `video_url`, which vLLM has beside it.
    init?(urlPart type: String) {
        guard type.hasSuffix("_url") else { return nil }
        self.init(rawValue: String(type.dropLast(4)))
    }

    /// The type of the part that names media of this kind by a URL.
    var urlPart: String { "\(rawValue)_url" }
}

extension MediaKind {
    /// The media type of a file of this kind, by its first bytes; `nil` where they are of no such file.
    func mediaType(ofBytes head: some Sequence<UInt8>) -> String? {
        let head = Array(head.prefix(Self.headLength))
        return signatures.first { $0.matches(head) }.map { "\(rawValue)/\($0.subtype)" }
    }

    /// How many of a file's first bytes are looked at.
    static let headLength = 16

    /// The formats' names, for messages.
    var formats: String { signatures.map(\.subtype).reduce(into: []) { if $0.last != $1 { $0.append($1) } }.joined(separator: ", ") }

    /// Containers (MP4, WebM, Ogg) hold sound as well as pictures that move: for them, what was asked for counts.
    private var signatures: [FileSignature] {
        switch self {
        case .image: FileSignature.image
        case .audio: FileSignature.audio
        case .video: FileSignature.video
        }
    }
}

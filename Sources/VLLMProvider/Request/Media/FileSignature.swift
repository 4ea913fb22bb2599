/// The first bytes by which a format of files is known.
struct FileSignature {
    /// The format's name in media types.
    var subtype: String
    /// The bytes, and where they stand.
    private var marks: [(offset: Int, bytes: [UInt8])]

    private init(_ subtype: String, _ bytes: [UInt8]) {
        self.subtype = subtype
        marks = [(0, bytes)]
    }

    private init(_ subtype: String, _ text: String, at offset: Int = 0) {
        self.subtype = subtype
        marks = [(offset, Array(text.utf8))]
    }

    /// A format in a RIFF container.
    private init(riff subtype: String, _ form: String) {
        self.subtype = subtype
        marks = [(0, Array("RIFF".utf8)), (8, Array(form.utf8))]
    }

    /// Whether a file begins like this.
    func matches(_ head: [UInt8]) -> Bool {
        marks.allSatisfy { offset, bytes in head.dropFirst(offset).starts(with: bytes) }
    }

    private static let matroska: [UInt8] = [0x1A, 0x45, 0xDF, 0xA3]

    static let image = [
        FileSignature("png", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]), FileSignature("jpeg", [0xFF, 0xD8, 0xFF]),
        FileSignature("gif", "GIF8"), FileSignature(riff: "webp", "WEBP"), FileSignature("bmp", "BM"),
        FileSignature("tiff", [0x49, 0x49, 0x2A, 0]), FileSignature("tiff", [0x4D, 0x4D, 0, 0x2A]),
        FileSignature("avif", "ftypavif", at: 4), FileSignature("avif", "ftypavis", at: 4), FileSignature("heic", "ftyphei", at: 4),
        FileSignature("heif", "ftypmif1", at: 4),
    ]

    static let audio = [
        FileSignature(riff: "wav", "WAVE"), FileSignature("mpeg", "ID3"), FileSignature("mpeg", [0xFF, 0xFB]),
        FileSignature("mpeg", [0xFF, 0xF3]), FileSignature("mpeg", [0xFF, 0xF2]), FileSignature("flac", "fLaC"),
        FileSignature("ogg", "OggS"), FileSignature("aac", [0xFF, 0xF1]), FileSignature("aac", [0xFF, 0xF9]),
        FileSignature("mp4", "ftyp", at: 4), FileSignature("webm", matroska),
    ]

    static let video = [
        FileSignature("quicktime", "ftypqt", at: 4), FileSignature("mp4", "ftyp", at: 4), FileSignature("webm", matroska),
        FileSignature(riff: "avi", "AVI "), FileSignature("ogg", "OggS"), FileSignature("mpeg", [0, 0, 1, 0xBA]),
    ]
}

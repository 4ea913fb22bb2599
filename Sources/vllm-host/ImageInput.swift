import JSON
import ProviderKit

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Pictures that go with a prompt.
enum ImageInput {
    /// A picture as a block of a message: at a URL, or in a file, which is looked at before anything is sent.
    /// - Throws: `InputError`, for a file that there is not, that cannot be read, or that is no picture.
    static func block(_ place: String) throws(InputError) -> ContentBlock {
        let isURL = ["http://", "https://", "data:"].contains { place.lowercased().hasPrefix($0) }
        if isURL { return .image(ImageBlock(source: ["type": "url", "url": .string(place)])) }
        guard isPicture(try InputFile.start(of: place, count: 16)) else {
            throw InputError(message: "\(place): not a picture (PNG, JPEG, GIF, WebP, BMP, TIFF or AVIF)")
        }
        return .image(ImageBlock(source: ["type": "file", "path": .string(absolute(place))]))
    }

    /// Whether a file that begins so is a picture of a kind that servers read.
    static func isPicture(_ start: [UInt8]) -> Bool {
        let beginnings: [[UInt8]] = [
            [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], [0xFF, 0xD8, 0xFF], Array("GIF87a".utf8), Array("GIF89a".utf8),
            Array("BM".utf8), [0x49, 0x49, 0x2A, 0x00], [0x4D, 0x4D, 0x00, 0x2A],
        ]
        if beginnings.contains(where: start.starts) { return true }
        // Containers tell what they hold a few bytes later.
        let kind = start.dropFirst(8).prefix(4)
        if start.starts(with: "RIFF".utf8) { return kind.elementsEqual("WEBP".utf8) }
        return start.dropFirst(4).starts(with: "ftyp".utf8) && ["avif", "avis", "heic", "mif1"].contains { kind.elementsEqual($0.utf8) }
    }

    private static func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/"), let folder = getcwd(nil, 0) else { return path }
        defer { free(folder) }
        return "\(String(cString: folder))/\(path)"
    }
}

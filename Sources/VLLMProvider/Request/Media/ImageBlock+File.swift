import JSON
public import ProviderKit

extension ImageBlock {
    /// A picture in a file, with its bytes: unlike a `path`, which is read for each request, it is the same for the whole conversation.
    /// - Parameter path: the file's path, or its `file:` URL.
    /// - Throws: `ProviderError` with the code `invalidRequest` that names the file, for one that cannot be read or is no picture.
    public init(readingFile path: String) throws(ProviderError) {
        let source = try MediaSource(["path": .string(path)], of: .image)
        guard case .file(let path) = source else { throw ProviderError(.invalidRequest, "\(path) is no file") }
        let file = try MediaFile(path, of: .image)
        self.init(
            source: ["type": "base64", "media_type": .string(file.mediaType), "data": .string(Base64.encode(file.bytes))])
    }

    /// The path of a `file:` URL; `nil` where it is none, or names another machine.
    public static func path(ofFileURL url: String) -> String? {
        guard let source = try? MediaSource(url: url, of: .image), case .file(let path) = source else { return nil }
        return path
    }
}

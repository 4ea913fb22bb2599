import JSON
import ProviderKit
import VLLMProvider

/// Pictures that go with a prompt.
enum ImageInput {
    /// A picture as a block of a message: at a URL, or with the bytes of its file, which may be gone when the next prompt is asked.
    /// - Throws: `InputError`, for a file that there is not, that cannot be read, or that is no picture.
    static func block(_ place: String) throws(InputError) -> ContentBlock {
        let isURL = ["http://", "https://", "data:"].contains { place.lowercased().hasPrefix($0) }
        if isURL { return .image(ImageBlock(source: ["type": "url", "url": .string(place)])) }
        // What is wrong with a file's path is said as of any other file.
        _ = try InputFile.start(of: ImageBlock.path(ofFileURL: place) ?? place, count: 1)
        do throws(ProviderError) { return .image(try ImageBlock(readingFile: place)) } catch {
            throw InputError(message: "\(place): \(error.message)" + (error.hint.map { " (\($0))" } ?? ""))
        }
    }
}

/// Why a tokenizer could not be read.
public struct TokenDecoderError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file, or what stands for it where its content was handed over: `tokenizer.json` or `tokenizer_config.json`.
    public var file: String
    /// What is wrong in it, and where: `decoder.decoders[1].type: …`.
    public var message: String

    /// An error in a file.
    public init(file: String, message: String) {
        self.file = file
        self.message = message
    }

    /// The file with the message.
    public var description: String { "\(file): \(message)" }
}

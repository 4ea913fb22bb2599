#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The contents of a tokenizer's files.
struct TokenizerFiles {
    let tokenizer: [UInt8]
    let configuration: [UInt8]?

    /// The largest of today's files has about 35 MB.
    private static let maxSize = 1 << 29

    init(path: String) throws(TokenDecoderError) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw Self.failure(path) }
        if status.st_mode & S_IFMT == S_IFDIR {
            tokenizer = try Self.read("\(path)/tokenizer.json")
            let configuration = "\(path)/tokenizer_config.json"
            self.configuration = access(configuration, F_OK) == 0 ? try Self.read(configuration) : nil
        } else {
            tokenizer = try Self.read(path)
            configuration = nil
        }
    }

    private static func read(_ path: String) throws(TokenDecoderError) -> [UInt8] {
        guard let file = fopen(path, "rbe") else { throw failure(path) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            bytes += chunk.prefix(count)
            guard bytes.count <= maxSize else {
                throw TokenDecoderError(file: path, message: "larger than \(maxSize >> 20) MiB: this is no tokenizer")
            }
            if ferror(file) != 0 { throw failure(path) }
            if feof(file) != 0 { return bytes }
        }
    }

    private static func failure(_ path: String) -> TokenDecoderError {
        TokenDecoderError(file: path, message: "cannot be read: \(String(cString: strerror(errno)))")
    }
}

/// Reads configuration files: YAML 1.2 with anchors, merge keys and `${VAR}`.
public struct ConfigurationReader: Sendable {
    /// The environment that `${VAR}` refers to.
    public var environment: [String: String]
    /// How large a file may be.
    public var limits: ConfigurationLimits

    /// A reader. A program passes its own environment; a test passes what it needs.
    public init(environment: [String: String] = [:], limits: ConfigurationLimits = ConfigurationLimits()) {
        self.environment = environment
        self.limits = limits
    }

    /// Reads one file as it is written: `${VAR}` is not put in.
    /// - Throws: `ConfigurationError` when the file is not there, cannot be read, is too large, or is not well-formed.
    public func node(contentsOf path: String) throws(ConfigurationError) -> ConfigurationNode {
        try node(parsing: BoundedFile.read(path, limit: limits.fileBytes), file: path)
    }

    /// Reads the bytes of a file as they are written: `${VAR}` is not put in.
    /// - Parameter file: The name for messages.
    /// - Throws: `ConfigurationError` when the bytes are too many, or are not one well-formed YAML document in UTF-8.
    public func node(parsing bytes: some Collection<UInt8>, file: String) throws(ConfigurationError) -> ConfigurationNode {
        guard bytes.count <= limits.fileBytes else {
            throw problem(.tooLarge, "the file is larger than \(limits.fileBytes) bytes", .program(file), nil)
        }
        let start = SourceLocation(file: file, line: 1, column: 1)
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw problem(.syntax, "the file is in UTF-16", .file(start), "save it as UTF-8")
        }
        let source = SourceText(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes.dropFirst(0))
        if let offset = source.firstInvalidByte {
            throw problem(
                .syntax, "a byte here is not UTF-8", .file(source.location(ofByte: offset, file: file)), "save the file as UTF-8")
        }
        return try YAMLComposer.compose(YAMLEventReader(source.bytes, file: file), limits: limits)
    }

    private func problem(
        _ code: ConfigurationIssue.Code, _ message: String, _ origin: ConfigurationOrigin, _ hint: String?
    ) -> ConfigurationError {
        ConfigurationError([ConfigurationIssue(.error, code, message, origin: origin, hint: hint)])
    }
}

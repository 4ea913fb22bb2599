internal import CYAML

/// libyaml's parser over bytes in memory: the one place where its functions are called.
final class YAMLEventReader {
    private let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    // libyaml keeps a pointer to its input, so the bytes are copied to a place that lives as long as the parser.
    private let input: UnsafeMutableBufferPointer<UInt8>
    private let isInitialized: Bool
    private let file: String

    /// A parser of `bytes`, which are UTF-8 without a byte order mark. `file` is the name for messages.
    init(_ bytes: some Collection<UInt8>, file: String) {
        self.file = file
        // One byte more than needed: the pointer must not be nil for an empty file.
        input = .allocate(capacity: bytes.count + 1)
        _ = input.initialize(from: bytes)
        isInitialized = yaml_parser_initialize(parser) == 1
        guard isInitialized else { return }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, input.baseAddress, bytes.count)
    }

    deinit {
        if isInitialized { yaml_parser_delete(parser) }
        parser.deallocate()
        input.deallocate()
    }

    /// The next event. Must not be called again after `.streamEnd` or an error.
    func next() throws(ConfigurationError) -> YAMLEvent {
        var event = yaml_event_t()
        guard isInitialized, yaml_parser_parse(parser, &event) == 1 else { throw ConfigurationError([problem]) }
        defer { yaml_event_delete(&event) }
        return YAMLEvent(kind: Self.kind(of: event), location: location(event.start_mark))
    }

    private static func kind(of event: yaml_event_t) -> YAMLEvent.Kind {
        switch event.type {
        case YAML_STREAM_START_EVENT: return .streamStart
        case YAML_DOCUMENT_START_EVENT: return .documentStart
        case YAML_DOCUMENT_END_EVENT: return .documentEnd
        case YAML_ALIAS_EVENT: return .alias(text(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            return .scalar(
                String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self),
                isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE, properties(scalar.anchor, scalar.tag))
        case YAML_SEQUENCE_START_EVENT: return .sequenceStart(properties(event.data.sequence_start.anchor, event.data.sequence_start.tag))
        case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
        case YAML_MAPPING_START_EVENT: return .mappingStart(properties(event.data.mapping_start.anchor, event.data.mapping_start.tag))
        case YAML_MAPPING_END_EVENT: return .mappingEnd
        default: return .streamEnd
        }
    }

    private static func properties(_ anchor: UnsafeMutablePointer<UInt8>?, _ tag: UnsafeMutablePointer<UInt8>?) -> YAMLEvent.Properties {
        YAMLEvent.Properties(anchor: text(anchor), tag: text(tag))
    }

    private static func text(_ pointer: UnsafeMutablePointer<UInt8>?) -> String? { pointer.map { String(cString: $0) } }

    // libyaml counts lines and columns (in characters) from 0.
    private func location(_ mark: yaml_mark_t) -> SourceLocation {
        SourceLocation(file: file, line: mark.line + 1, column: mark.column + 1)
    }

    private var problem: ConfigurationIssue {
        let state = parser.pointee
        switch state.error {
        case YAML_SCANNER_ERROR, YAML_PARSER_ERROR:
            let problem = YAMLProblem(
                problem: state.problem.map { String(cString: $0) } ?? "", context: state.context.map { String(cString: $0) } ?? "",
                place: location(state.problem_mark), contextPlace: location(state.context_mark))
            return problem.issue(in: SourceText(input.dropLast()))
        case YAML_READER_ERROR:
            let place = SourceText(input.dropLast()).location(ofByte: state.problem_offset, file: file)
            let digits = String(UInt32(truncatingIfNeeded: state.problem_value), radix: 16, uppercase: true)
            let code = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
            return ConfigurationIssue(
                .error, .syntax, "the file holds a control character (\(code)), which YAML does not allow", origin: .file(place),
                hint: "write it as an escape in double quotes")
        default:
            return ConfigurationIssue(
                .error, .unreadable, "not enough memory to read the file",
                origin: .file(SourceLocation(file: file, line: 1, column: 1)))
        }
    }
}

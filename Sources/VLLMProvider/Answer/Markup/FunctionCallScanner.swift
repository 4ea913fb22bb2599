import JSON

/// Reads one call in the tags of Qwen3-Coder, `<function=NAME><parameter=KEY>value</parameter></function>`, from behind
/// `<function=` on, and makes the arguments' JSON of it. What type a value has, the tool's schema says.
struct FunctionCallScanner {
    enum Status {
        case reading
        case over
        /// What stands in the tag is no tool's name: `raw` is what was read of it.
        case notACall
    }

    private enum State {
        case name, between, key, value
    }

    /// How long a name may be.
    private static let nameLength = 256
    /// What ends a value; models leave closing tags out, and vLLM's parser does not mind.
    private static let valueEnds = [
        MarkupTag.parameterClosing, MarkupTag.parameterOpening, MarkupTag.functionClosing, MarkupTag.callClosing,
    ]
    private static let valueEndsOnNewLine = valueEnds.map { [0x0A] + $0 } + valueEnds
    private let tools: OfferedTools
    private let mustBeOffered: Bool
    private var state = State.name
    private var tool = ""
    private var hasParameters = false
    private var type = ArgumentType.any
    /// The text of a name, a key, or a value that is no string.
    private(set) var raw: [UInt8] = []
    private var isAtValueStart = false

    init(tools: OfferedTools, mustBeOffered: Bool) {
        self.tools = tools
        self.mustBeOffered = mustBeOffered
    }

    /// Takes from the front of `bytes` what is certain.
    mutating func consume(_ bytes: inout ArraySlice<UInt8>, to pieces: inout [MarkupPiece]) -> Status {
        while !bytes.isEmpty {
            let status: Status?
            switch state {
            case .name: status = readName(&bytes, to: &pieces)
            case .between: status = readBetween(&bytes, to: &pieces)
            case .key: status = readKey(&bytes, to: &pieces)
            case .value: status = readValue(&bytes, to: &pieces)
            }
            if let status { return status }
        }
        return .reading
    }

    /// The text is over: passes on what was held of an unfinished value.
    /// - Returns: whether the call had begun.
    mutating func finish(to pieces: inout [MarkupPiece]) -> Bool {
        if state == .name { return false }
        if state == .value && !type.isString { pieces.append(arguments: raw) }
        return true
    }

    private mutating func readName(_ bytes: inout ArraySlice<UInt8>, to pieces: inout [MarkupPiece]) -> Status? {
        guard let end = bytes.firstIndex(where: { $0 == UInt8(ascii: ">") || $0 == UInt8(ascii: "<") || $0.isLineBreak }) else {
            raw += bytes
            bytes = []
            return raw.count > Self.nameLength ? .notACall : nil
        }
        raw += bytes.take(upTo: end)
        tool = String(decoding: raw.trimmedBlanks, as: UTF8.self)
        guard bytes[end] == UInt8(ascii: ">"), !tool.isEmpty, raw.count <= Self.nameLength, !mustBeOffered || tools.has(tool) else {
            return .notACall
        }
        bytes.removeFirst()
        pieces.append(.callStarted(name: tool))
        state = .between
        return nil
    }

    /// Between parameters nothing counts but tags.
    private mutating func readBetween(_ bytes: inout ArraySlice<UInt8>, to pieces: inout [MarkupPiece]) -> Status? {
        bytes = bytes.drop { $0 != UInt8(ascii: "<") }
        if bytes.isEmpty { return nil }
        switch bytes.match([MarkupTag.parameterOpening, MarkupTag.functionClosing, MarkupTag.callClosing]) {
        case .none: bytes.removeFirst()
        case .partial: return .reading
        case .whole(0):
            bytes.removeFirst(MarkupTag.parameterOpening.count)
            (state, raw) = (.key, [])
        case .whole(let number):
            if number == 1 { bytes.removeFirst(MarkupTag.functionClosing.count) }
            pieces.append(.callArguments(hasParameters ? "}" : "{}"))
            pieces.append(.callEnded)
            return .over
        }
        return nil
    }

    private mutating func readKey(_ bytes: inout ArraySlice<UInt8>, to pieces: inout [MarkupPiece]) -> Status? {
        guard let end = bytes.firstIndex(of: UInt8(ascii: ">")) else {
            raw += bytes
            bytes = []
            return nil
        }
        raw += bytes.take(upTo: end)
        bytes.removeFirst()
        let key = String(decoding: raw.trimmedBlanks, as: UTF8.self)
        type = tools.argumentType(of: key, tool: tool)
        let opening = (hasParameters ? ", " : "{") + JSONValue.string(key).text + ": "
        pieces.append(.callArguments(type.isString ? opening + "\"" : opening))
        (state, raw, hasParameters, isAtValueStart) = (.value, [], true, true)
        return nil
    }

    /// The line breaks next to the tags are not the value's.
    private mutating func readValue(_ bytes: inout ArraySlice<UInt8>, to pieces: inout [MarkupPiece]) -> Status? {
        var end = bytes.startIndex
        var tag = TagMatch.none
        while end < bytes.endIndex {
            let isMark = bytes[end] == 0x0A || bytes[end] == UInt8(ascii: "<")
            tag = isMark ? bytes.match(Self.valueEndsOnNewLine, at: end) : .none
            if tag != .none { break }
            end += 1
        }
        if isAtValueStart, end > bytes.startIndex {
            isAtValueStart = false
            if bytes.first == 0x0A { bytes.removeFirst() }
        }
        passValue(bytes.take(upTo: end), to: &pieces)
        switch tag {
        case .none: return nil
        case .partial: return .reading
        case .whole(let number):
            let closing = number % Self.valueEnds.count == 0
            let isOnNewLine = number < Self.valueEnds.count
            bytes.removeFirst((isOnNewLine ? 1 : 0) + (closing ? MarkupTag.parameterClosing.count : 0))
            pieces.append(.callArguments(type.isString ? "\"" : type.json(String(decoding: raw, as: UTF8.self)).text))
            (state, raw) = (.between, [])
            return nil
        }
    }

    private mutating func passValue(_ bytes: ArraySlice<UInt8>, to pieces: inout [MarkupPiece]) {
        guard type.isString else { return raw += bytes }
        guard !bytes.isEmpty else { return }
        // As JSON without its quotation marks.
        pieces.append(arguments: Array(JSONValue.string(String(decoding: bytes, as: UTF8.self)).text.utf8).dropFirst().dropLast())
    }
}

extension Array<UInt8> {
    /// The bytes without the white space at both ends.
    fileprivate var trimmedBlanks: ArraySlice<UInt8> {
        let end = lastIndex { !$0.isBlank }.map { $0 + 1 } ?? 0
        return self[..<end].drop(while: \.isBlank)
    }
}

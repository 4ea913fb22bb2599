/// Reads the calls of Mistral's models: `[TOOL_CALLS][{…}, {…}]`, or `[TOOL_CALLS]name[ARGS]{…}` for each.
struct MistralCallScanner: ToolCallScanner {
    private enum State {
        /// Behind `[TOOL_CALLS]`.
        case opened
        /// Before an element of the list.
        case element
        case object(CallObjectScanner)
        /// Behind an element of the list.
        case separator
        case name
        case id
        case arguments(JSONExtent)
        /// Behind a call that stands for itself.
        case closing
    }

    private static let nameLength = 256
    private let rule: CallObjectScanner.Rule
    private let isMarked: Bool
    private var state: State
    /// What was read since the last call and is none yet.
    private var held: [UInt8]
    private var name = ""
    private var token: [UInt8] = []

    /// A scanner of what stands behind `[TOOL_CALLS]`, or behind the `[` of a list that has no marker before it because the server left it
    /// out: there only tools that were offered are called.
    init(isMarked: Bool, tools: OfferedTools) {
        self.isMarked = isMarked
        rule = isMarked ? .marked : .unmarked(tools)
        state = isMarked ? .opened : .element
        held = isMarked ? MarkupTag.toolCalls : [UInt8(ascii: "[")]
    }

    mutating func consume(_ bytes: inout ArraySlice<UInt8>, to pieces: inout [MarkupPiece]) -> Bool {
        while !bytes.isEmpty {
            let isOver: Bool?
            switch state {
            case .opened: isOver = open(&bytes, to: &pieces)
            case .element: isOver = beginElement(&bytes, to: &pieces)
            case .object(var object):
                // Taken out while it changes, so that what it holds is not copied.
                state = .separator
                isOver = read(&object, &bytes, to: &pieces)
            case .separator: isOver = separate(&bytes)
            case .name, .id: isOver = readName(&bytes, to: &pieces)
            case .arguments(var extent): isOver = readArguments(&extent, &bytes, to: &pieces)
            case .closing: isOver = close(&bytes)
            }
            if let isOver { return isOver }
        }
        return false
    }

    mutating func finish(_ rest: ArraySlice<UInt8>, to pieces: inout [MarkupPiece]) {
        switch state {
        case .object(let object):
            if !object.hasStarted { fail(object.raw + rest, isUnfinished: true, to: &pieces) }
        case .opened, .element: pieces.append(text: held + rest)
        case .name: fail(token + rest, isUnfinished: true, to: &pieces)
        case .id: pieces.append(.callStarted(name: name))
        case .separator, .arguments, .closing: break
        }
    }

    private mutating func open(_ bytes: inout ArraySlice<UInt8>, to pieces: inout [MarkupPiece]) -> Bool? {
        held += bytes.takeBlanks()
        switch bytes.first {
        case nil: return false
        case UInt8(ascii: "[")?:
            held += bytes.take(upTo: bytes.startIndex + 1)
            state = .element
        case UInt8(ascii: "{")?: state = .object(CallObjectScanner(rule))
        case let byte?:
            guard byte.isPartOfName else { return giveBack(to: &pieces) }
            (state, token) = (.name, [])
        }
        return nil
    }

    private mutating func beginElement(_ bytes: inout ArraySlice<UInt8>, to pieces: inout [MarkupPiece]) -> Bool? {
        held += bytes.takeBlanks()
        guard let byte = bytes.first else { return false }
        guard byte == UInt8(ascii: "{") else { return giveBack(to: &pieces) }
        state = .object(CallObjectScanner(rule))
        return nil
    }

    private mutating func read(
        _ object: inout CallObjectScanner, _ bytes: inout ArraySlice<UInt8>, to pieces: inout [MarkupPiece]
    ) -> Bool? {
        switch object.consume(&bytes, to: &pieces) {
        case .reading:
            state = .object(object)
            return false
        case .over:
            held = []
            return nil
        case .notACall:
            held += object.raw
            return giveBack(to: &pieces)
        case .unreadable:
            fail(object.raw, isUnfinished: false, to: &pieces)
            held = []
            return nil
        }
    }

    private mutating func separate(_ bytes: inout ArraySlice<UInt8>) -> Bool? {
        bytes = bytes.drop { $0.isBlank || $0 == UInt8(ascii: "}") }
        guard let byte = bytes.first else { return false }
        if byte == UInt8(ascii: ",") {
            bytes.removeFirst()
            state = .element
            return nil
        }
        if byte == UInt8(ascii: "]") { bytes.removeFirst() }
        state = .closing
        return byte == UInt8(ascii: "]") ? nil : true
    }

    /// A name up to `[ARGS]` or the arguments themselves, and the call's id where there is one.
    private mutating func readName(_ bytes: inout ArraySlice<UInt8>, to pieces: inout [MarkupPiece]) -> Bool? {
        // Blanks may only stand before the arguments: a sentence is no call.
        if token.last?.isBlank != true { token += bytes.take(upTo: bytes.firstIndex { !$0.isPartOfName } ?? bytes.endIndex) }
        token += bytes.takeBlanks()
        if token.count > Self.nameLength { return failName(to: &pieces) }
        guard let byte = bytes.first else { return false }
        if byte == UInt8(ascii: "{") { return begin(to: &pieces) }
        switch bytes.match([MarkupTag.arguments, MarkupTag.callID]) {
        case .partial: return false
        case .whole(0):
            bytes.removeFirst(MarkupTag.arguments.count)
            return begin(to: &pieces)
        case .whole:
            if case .id = state { return failName(to: &pieces) }
            bytes.removeFirst(MarkupTag.callID.count)
            (name, token, state) = (trimmedToken, [], .id)
            return nil
        case .none: return failName(to: &pieces)
        }
    }

    private mutating func begin(to pieces: inout [MarkupPiece]) -> Bool? {
        if case .id = state {
            pieces.append(.callStarted(name: name, id: trimmedToken.isEmpty ? nil : trimmedToken))
        } else {
            pieces.append(.callStarted(name: trimmedToken))
        }
        (held, token) = ([], [])
        state = .arguments(JSONExtent())
        return nil
    }

    private var trimmedToken: String { String(decoding: token.prefix { !$0.isBlank }, as: UTF8.self) }

    private mutating func failName(to pieces: inout [MarkupPiece]) -> Bool {
        held += token
        return giveBack(to: &pieces)
    }

    private mutating func readArguments(
        _ extent: inout JSONExtent, _ bytes: inout ArraySlice<UInt8>, to pieces: inout [MarkupPiece]
    ) -> Bool? {
        var end = bytes.startIndex
        var isOver = false
        while end < bytes.endIndex, !isOver {
            let place = extent.consume(bytes[end])
            if place != .past { end += 1 }
            isOver = place != .inside
        }
        pieces.append(arguments: bytes.take(upTo: end))
        state = isOver ? .closing : .arguments(extent)
        if isOver { pieces.append(.callEnded) }
        return nil
    }

    /// Behind a call: perhaps another.
    private mutating func close(_ bytes: inout ArraySlice<UInt8>) -> Bool? {
        held += bytes.takeBlanks()
        if bytes.isEmpty { return false }
        switch bytes.match([MarkupTag.toolCalls]) {
        case .partial: return false
        case .none: return true
        case .whole:
            held = Array(bytes.take(upTo: bytes.startIndex + MarkupTag.toolCalls.count))
            state = .opened
            return nil
        }
    }

    /// This is text after all.
    private func giveBack(to pieces: inout [MarkupPiece]) -> Bool {
        pieces.append(text: held)
        return true
    }

    private func fail(_ body: [UInt8], isUnfinished: Bool, to pieces: inout [MarkupPiece]) {
        if !isMarked { return pieces.append(text: held + body) }
        pieces.append(
            .unreadableCall(
                UnreadableCall(
                    openingTag: String(decoding: held, as: UTF8.self), body: String(decoding: body, as: UTF8.self), closingTag: "",
                    isUnfinished: isUnfinished)))
    }
}

extension UInt8 {
    /// Whether tools' names have this byte.
    fileprivate var isPartOfName: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "/"), 0x80...: true
        default: false
        }
    }
}

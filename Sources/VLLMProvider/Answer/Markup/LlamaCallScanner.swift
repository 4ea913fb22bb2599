/// Reads the calls of Llama 3: objects of JSON, several separated by `;`, with or without `<|python_tag|>` before them.
struct LlamaCallScanner: ToolCallScanner {
    private enum State {
        /// Behind `<|python_tag|>`, or a separator.
        case opened
        case object(CallObjectScanner)
        /// Behind a call.
        case closing
    }

    private let rule: CallObjectScanner.Rule
    private var state = State.opened
    /// What was read since the last call and is none yet.
    private var held: [UInt8]

    /// A scanner of what stands behind `<|python_tag|>`, or begins with a brace: there only tools that were offered are called.
    init(isMarked: Bool, tools: OfferedTools) {
        rule = isMarked ? .marked : .unmarked(tools)
        held = isMarked ? MarkupTag.python : []
    }

    mutating func consume(_ bytes: inout ArraySlice<UInt8>, to pieces: inout [MarkupPiece]) -> Bool {
        while !bytes.isEmpty {
            switch state {
            case .opened:
                held += bytes.takeBlanks()
                guard let byte = bytes.first else { return false }
                guard byte == UInt8(ascii: "{") else { return giveBack(to: &pieces) }
                state = .object(CallObjectScanner(rule))
            case .object(var object):
                // Taken out while it changes, so that what it holds is not copied.
                state = .closing
                switch object.consume(&bytes, to: &pieces) {
                case .reading:
                    state = .object(object)
                    return false
                case .over: held = []
                case .unreadable where object.hasName:
                    pieces.append(.unreadableCall(unreadable(object.raw, isUnfinished: false)))
                    held = []
                case .unreadable, .notACall:
                    held += object.raw
                    return giveBack(to: &pieces)
                }
            case .closing:
                held += bytes.takeBlanks()
                guard let byte = bytes.first else { return false }
                switch bytes.match([MarkupTag.python]) {
                case .partial: return false
                case .whole: held += bytes.take(upTo: bytes.startIndex + MarkupTag.python.count)
                case .none where byte == UInt8(ascii: ";"): held += bytes.take(upTo: bytes.startIndex + 1)
                case .none where byte == UInt8(ascii: "{"): break
                case .none: return giveBack(to: &pieces)
                }
                state = .opened
            }
        }
        return false
    }

    mutating func finish(_ rest: ArraySlice<UInt8>, to pieces: inout [MarkupPiece]) {
        switch state {
        case .object(let object) where object.hasStarted: break
        case .object(let object) where object.hasName:
            pieces.append(.unreadableCall(unreadable(object.raw + rest, isUnfinished: true)))
        case .object(let object): pieces.append(text: held + object.raw + rest)
        case .opened, .closing: pieces.append(text: held + rest)
        }
    }

    private func unreadable(_ body: [UInt8], isUnfinished: Bool) -> UnreadableCall {
        UnreadableCall(
            openingTag: String(decoding: held, as: UTF8.self), body: String(decoding: body, as: UTF8.self), closingTag: "",
            isUnfinished: isUnfinished)
    }

    /// This is text after all.
    private func giveBack(to pieces: inout [MarkupPiece]) -> Bool {
        pieces.append(text: held)
        return true
    }
}

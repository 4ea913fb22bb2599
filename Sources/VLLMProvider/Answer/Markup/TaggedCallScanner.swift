/// Reads calls between `<tool_call>` and `</tool_call>`, as objects of JSON (Hermes, Qwen) or as tags of their own (Qwen3-Coder).
struct TaggedCallScanner: ToolCallScanner {
    private enum State {
        /// Behind the opening tag.
        case opened
        case object(CallObjectScanner)
        case function(FunctionCallScanner)
        /// Up to the closing tag.
        case unreadable
        /// Behind a call.
        case closing
    }

    private let tools: OfferedTools
    private let openingTag: [UInt8]
    private var state: State
    /// What was read behind the opening tag and is no call yet.
    private var body: [UInt8] = []

    /// A scanner of what stands behind a tag.
    /// - Parameter openingTag: `<tool_call>`, or `<function=` where a model leaves the former out.
    init(openingTag: [UInt8], tools: OfferedTools) {
        self.tools = tools
        self.openingTag = openingTag
        state = openingTag == MarkupTag.functionOpening ? .function(FunctionCallScanner(tools: tools, mustBeOffered: true)) : .opened
    }

    mutating func consume(_ bytes: inout ArraySlice<UInt8>, to pieces: inout [MarkupPiece]) -> Bool {
        while !bytes.isEmpty {
            let isOver: Bool?
            switch state {
            case .opened: isOver = open(&bytes, to: &pieces)
            case .object(var object):
                // Taken out while it changes, so that what it holds is not copied.
                state = .closing
                isOver = read(&object, &bytes, to: &pieces)
            case .function(var function):
                state = .closing
                isOver = read(&function, &bytes, to: &pieces)
            case .unreadable: isOver = readUnreadable(&bytes, to: &pieces)
            case .closing: isOver = close(&bytes)
            }
            if let isOver { return isOver }
        }
        return false
    }

    mutating func finish(_ rest: ArraySlice<UInt8>, to pieces: inout [MarkupPiece]) {
        switch state {
        case .opened: fail(with: rest, closingTag: [], to: &pieces, isUnfinished: true)
        case .object(let object):
            if !object.hasStarted { fail(with: object.raw + rest, closingTag: [], to: &pieces, isUnfinished: true) }
        case .function(var function):
            if !function.finish(to: &pieces) { fail(with: function.raw + rest, closingTag: [], to: &pieces, isUnfinished: true) }
        case .unreadable: fail(with: rest, closingTag: [], to: &pieces, isUnfinished: true)
        case .closing: break
        }
    }

    /// Behind the opening tag: decides what this is. `nil` means that there is more to read.
    private mutating func open(_ bytes: inout ArraySlice<UInt8>, to pieces: inout [MarkupPiece]) -> Bool? {
        body += bytes.takeBlanks()
        guard let byte = bytes.first else { return false }
        if byte == UInt8(ascii: "{") {
            state = .object(CallObjectScanner(.marked, closingTag: MarkupTag.callClosing))
            return nil
        }
        switch bytes.match([MarkupTag.functionOpening, MarkupTag.codeFence]) {
        case .partial: return false
        case .whole(0):
            body += bytes.take(upTo: bytes.startIndex + MarkupTag.functionOpening.count)
            state = .function(FunctionCallScanner(tools: tools, mustBeOffered: false))
            return nil
        // Some models put the object into fenced code, which only a repair takes off.
        case .whole:
            state = .unreadable
            return nil
        case .none:
            pieces.append(text: openingTag + body)
            return true
        }
    }

    private mutating func read(
        _ object: inout CallObjectScanner, _ bytes: inout ArraySlice<UInt8>, to pieces: inout [MarkupPiece]
    ) -> Bool? {
        switch object.consume(&bytes, to: &pieces) {
        case .reading:
            state = .object(object)
            return false
        case .over: state = .closing
        case .unreadable, .notACall:
            body += object.raw
            state = .unreadable
        }
        return nil
    }

    private mutating func read(
        _ function: inout FunctionCallScanner, _ bytes: inout ArraySlice<UInt8>, to pieces: inout [MarkupPiece]
    ) -> Bool? {
        switch function.consume(&bytes, to: &pieces) {
        case .reading:
            state = .function(function)
            return false
        case .over:
            state = .closing
            return nil
        case .notACall:
            pieces.append(text: openingTag + body + function.raw)
            return true
        }
    }

    /// Collects up to the closing tag, or to the next call's.
    private mutating func readUnreadable(_ bytes: inout ArraySlice<UInt8>, to pieces: inout [MarkupPiece]) -> Bool? {
        guard let start = bytes.firstIndex(of: UInt8(ascii: "<")) else {
            body += bytes
            bytes = []
            return nil
        }
        body += bytes.take(upTo: start)
        switch bytes.match([MarkupTag.callClosing, MarkupTag.callOpening]) {
        case .none:
            body += bytes.take(upTo: start + 1)
            return nil
        case .partial: return false
        case .whole(let number):
            let closingTag = number == 0 ? bytes.take(upTo: start + MarkupTag.callClosing.count) : []
            fail(with: [], closingTag: closingTag, to: &pieces, isUnfinished: false)
            return true
        }
    }

    private func fail(
        with rest: some Sequence<UInt8>, closingTag: ArraySlice<UInt8>, to pieces: inout [MarkupPiece], isUnfinished: Bool
    ) {
        pieces.append(
            .unreadableCall(
                UnreadableCall(
                    openingTag: String(decoding: openingTag, as: UTF8.self), body: String(decoding: body + rest, as: UTF8.self),
                    closingTag: String(decoding: closingTag, as: UTF8.self), isUnfinished: isUnfinished)))
    }

    /// Behind a call: the closing tag, or another call. Braces that close nothing are skipped, and a closing tag may be missing.
    private mutating func close(_ bytes: inout ArraySlice<UInt8>) -> Bool? {
        bytes = bytes.drop { $0.isBlank || $0 == UInt8(ascii: "}") }
        guard let byte = bytes.first else { return false }
        body = []
        if byte == UInt8(ascii: "{") {
            state = .opened
            return nil
        }
        switch bytes.match([MarkupTag.callClosing, MarkupTag.functionOpening]) {
        case .none: return true
        case .partial: return false
        case .whole(0):
            bytes.removeFirst(MarkupTag.callClosing.count)
            return true
        case .whole:
            state = .opened
            return nil
        }
    }
}

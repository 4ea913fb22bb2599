/// Takes a model's raw text apart as it streams: reasoning, tool calls, and text, in their order. Tags may be cut anywhere between two
/// pieces of the text.
///
/// The work grows with the length of the text, whatever it is: nothing that is held back is searched again, but for the bytes of a tag.
struct MarkupSplitter {
    private enum Mode {
        case text
        case thought(ThoughtScanner)
        case calls(any ToolCallScanner)
    }

    private enum Opening {
        case thought, taggedCall, function, toolCalls, list, python, object
    }

    /// What opens calls, by format.
    private let callTags: [[UInt8]]
    private let callOpenings: [Opening]
    /// The same, and what opens reasoning.
    private let tags: [[UInt8]]
    private let format: ToolCallFormat?
    private let tools: OfferedTools
    private var splitsThinking: Bool
    private var mode: Mode
    private var context = MarkdownContext()
    /// The beginning of what may be a tag.
    private var held: [UInt8] = []

    /// - Parameters:
    ///   - splitsThinking: `<think>` opens reasoning where it is the first thing in a line, code aside.
    ///   - startsInThinking: the text begins inside the reasoning.
    ///   - format: what opens a call; `nil` where no tools were offered.
    init(splitsThinking: Bool, startsInThinking: Bool, format: ToolCallFormat?, tools: OfferedTools) {
        self.splitsThinking = splitsThinking
        self.format = format
        self.tools = tools
        mode = startsInThinking ? .thought(ThoughtScanner(mayOpen: true)) : .text
        let markers: [(tag: [UInt8], opening: Opening)]
        switch format {
        case .hermes: markers = [(MarkupTag.callOpening, .taggedCall)]
        case .qwen3Coder: markers = [(MarkupTag.callOpening, .taggedCall), (MarkupTag.functionOpening, .function)]
        case .mistral: markers = [(MarkupTag.toolCalls, .toolCalls)]
        case .llama3JSON: markers = [(MarkupTag.python, .python)]
        case nil: markers = []
        }
        callTags = markers.map(\.tag)
        callOpenings = markers.map(\.opening)
        tags = callTags + [MarkupTag.thinkOpening]
    }

    /// How many bytes are read at a time: what is given back to be read again then costs little, however long the text is.
    private static let stride = 4096

    /// Takes the next piece and appends what is certain.
    mutating func consume(_ piece: String, to pieces: inout [MarkupPiece]) {
        if let passed = pass(piece) {
            if !piece.isEmpty { pieces.append(passed) }
            return
        }
        var rest = Array(piece.utf8)[...]
        while !rest.isEmpty {
            var end = rest.index(rest.startIndex, offsetBy: Self.stride, limitedBy: rest.endIndex) ?? rest.endIndex
            // Characters stay whole.
            while end < rest.endIndex, rest[end] & 0xC0 == 0x80 { end += 1 }
            var bytes = ArraySlice(held + rest.take(upTo: end))
            held = []
            read(&bytes, to: &pieces)
            held = Array(bytes)
        }
    }

    /// Takes the next piece as it is, where nothing in it can be markup, which is most of them: a token is a word. A piece that is not passed
    /// is to be consumed.
    mutating func pass(_ piece: String) -> MarkupPiece? {
        guard held.isEmpty else { return nil }
        var piece = piece
        switch mode {
        case .text:
            let passes = piece.withUTF8 { bytes in
                guard !bytes.contains(where: { $0.isMarkdownMark || $0.mayOpenMarkup }) else { return false }
                context.consume(unmarked: bytes)
                return true
            }
            return passes ? .text(piece) : nil
        case .thought(var scanner):
            mode = .text
            defer { mode = .thought(scanner) }
            return piece.withUTF8 { scanner.passes($0) } ? .thinking(piece) : nil
        case .calls: return nil
        }
    }

    /// The text is over: appends what was held back.
    mutating func finish(to pieces: inout [MarkupPiece]) {
        var rest = ArraySlice(held)
        held = []
        while true {
            switch mode {
            case .text: return pieces.append(text: rest)
            case .thought(var scanner):
                rest = scanner.finish(rest, to: &pieces)
                mode = .text
                read(&rest, to: &pieces)
            case .calls(var scanner):
                scanner.finish(rest, to: &pieces)
                mode = .text
                return
            }
        }
    }

    /// Whether the text so far ends inside the reasoning.
    var isThinking: Bool { if case .thought = mode { true } else { false } }

    /// The server tells the reasoning apart by itself: there is none in the text.
    mutating func leaveThinkingToServer() {
        splitsThinking = false
        if case .thought = mode { mode = .text }
    }

    private mutating func read(_ bytes: inout ArraySlice<UInt8>, to pieces: inout [MarkupPiece]) {
        while !bytes.isEmpty {
            let isOver: Bool
            switch mode {
            case .text: isOver = readText(&bytes, to: &pieces)
            case .thought(var scanner):
                // Taken out while it changes, so that what it holds is not copied.
                mode = .text
                isOver = scanner.consume(&bytes, to: &pieces)
                if !isOver { mode = .thought(scanner) }
            case .calls(var scanner):
                mode = .text
                isOver = scanner.consume(&bytes, to: &pieces)
                if !isOver { mode = .calls(scanner) }
            }
            if !isOver { return }
        }
    }

    /// Passes text on up to the next markup, and goes over to it.
    private mutating func readText(_ bytes: inout ArraySlice<UInt8>, to pieces: inout [MarkupPiece]) -> Bool {
        var position = bytes.startIndex
        while true {
            let unmarked = bytes[position...].prefix { !$0.isMarkdownMark && !$0.mayOpenMarkup }
            context.consume(unmarked: unmarked)
            position = unmarked.endIndex
            if position == bytes.endIndex { break }
            switch opening(at: position, in: bytes) {
            case .none:
                context.consume(bytes[position])
                position += 1
            case .partial:
                pieces.append(text: bytes.take(upTo: position))
                return false
            case .found(let opening, let tag):
                pieces.append(text: bytes.take(upTo: position))
                bytes.removeFirst(tag.count)
                begin(opening, tag: tag)
                return true
            }
        }
        pieces.append(text: bytes)
        bytes = []
        return false
    }

    private enum Found {
        case none, partial
        case found(Opening, tag: [UInt8])
    }

    private func opening(at position: Int, in bytes: ArraySlice<UInt8>) -> Found {
        switch bytes[position] {
        case UInt8(ascii: "<"), UInt8(ascii: "["):
            let mayThink = splitsThinking && context.isAtLineStart && !context.isInFence
            switch bytes.match(mayThink ? tags : callTags, at: position) {
            case .partial: return .partial
            case .whole(let number): return .found(number < callTags.count ? callOpenings[number] : .thought, tag: tags[number])
            case .none: break
            }
            // A list of calls is the whole answer.
            let isList = format == .mistral && bytes[position] == UInt8(ascii: "[") && context.isAtBeginning
            return isList ? .found(.list, tag: [bytes[position]]) : .none
        case UInt8(ascii: "{"):
            let isObject = format == .llama3JSON && context.isAtLineStart && !context.isInFence
            return isObject ? .found(.object, tag: []) : .none
        default: return .none
        }
    }

    private mutating func begin(_ opening: Opening, tag: [UInt8]) {
        context = MarkdownContext()
        switch opening {
        case .thought: mode = .thought(ThoughtScanner())
        case .taggedCall, .function: mode = .calls(TaggedCallScanner(openingTag: tag, tools: tools))
        case .toolCalls: mode = .calls(MistralCallScanner(isMarked: true, tools: tools))
        case .list: mode = .calls(MistralCallScanner(isMarked: false, tools: tools))
        case .python: mode = .calls(LlamaCallScanner(isMarked: true, tools: tools))
        case .object: mode = .calls(LlamaCallScanner(isMarked: false, tools: tools))
        }
    }
}

extension UInt8 {
    /// Whether markup begins with this byte, in any format.
    fileprivate var mayOpenMarkup: Bool { self == UInt8(ascii: "<") || self == UInt8(ascii: "[") || self == UInt8(ascii: "{") }
}

import JSON

/// Reads one call that is written as an object of JSON with `name`, and `arguments` or `parameters`, in any order.
///
/// The call begins when its name is known and its arguments begin, which pass as they come, and it ends with them: what else the object
/// holds means nothing. Until then the whole object is kept, so that one which cannot be read can be shown and repaired.
struct CallObjectScanner {
    /// What makes an object a call.
    enum Rule {
        /// Standing between markers does.
        case marked
        /// The name of a tool that was offered, with no member before it but `type` and `id`, and arguments as the next.
        case unmarked(OfferedTools)
    }

    enum Status {
        /// The object goes on.
        case reading
        /// The object is over.
        case over
        /// This is no object of JSON, or none with a name: `raw` is what was read of it, and all of it in a format without a closing tag. No
        /// call has begun.
        case unreadable
        /// This object is no call: `raw` is what was read of it.
        case notACall
    }

    private enum State {
        case start, key, keyText, colon, valueStart, value, separator
        /// Whatever this is, it goes on to where its brackets close.
        case malformed
    }

    private enum Role {
        case name, arguments, other
    }

    /// How long an object that stands between no markers may be before it names a tool.
    private static let unmarkedLength = 256
    private let rule: Rule
    /// The tag that ends the object wherever it is; `nil` for formats that have none.
    private let closingTag: [UInt8]?
    private var state = State.start
    private var role = Role.other
    private var extent = JSONExtent()
    /// The text of a key, or of the name.
    private var token: [UInt8] = []
    /// The arguments that came before the name.
    private var earlyArguments: [UInt8] = []
    private var hasArguments = false
    private var isComplete = false
    private var name: String?
    /// Whether the call has begun.
    private(set) var hasStarted = false
    /// What was read up to the arguments.
    private(set) var raw: [UInt8] = []

    init(_ rule: Rule, closingTag: [UInt8]? = nil) {
        self.rule = rule
        self.closingTag = closingTag
    }

    /// Whether a tool that was offered has been named.
    var hasName: Bool { name != nil }

    /// Takes from the front of `bytes`, which begin with the object's brace.
    mutating func consume(_ bytes: inout ArraySlice<UInt8>, to pieces: inout [MarkupPiece]) -> Status {
        while !bytes.isEmpty {
            let status: Status?
            switch state {
            case .value, .keyText: status = readToken(&bytes, to: &pieces)
            case .malformed: status = readMalformed(&bytes)
            case .valueStart where bytes.first?.isBlank == false: status = beginValue(bytes[bytes.startIndex], to: &pieces)
            default: status = readSyntax(&bytes, to: &pieces)
            }
            if let status { return status }
        }
        return .reading
    }

    /// Reads what stands between keys and values; `nil` means that there is more to read.
    private mutating func readSyntax(_ bytes: inout ArraySlice<UInt8>, to pieces: inout [MarkupPiece]) -> Status? {
        if let closingTag {
            switch bytes.match([closingTag]) {
            case .none: break
            case .partial: return .reading
            case .whole: return cut(to: &pieces)
            }
        }
        let byte = bytes[bytes.startIndex]
        switch (state, byte) {
        case (_, 0x20), (_, 0x09...0x0D): break
        case (.start, UInt8(ascii: "{")), (.separator, UInt8(ascii: ",")): state = .key
        case (.key, UInt8(ascii: "\"")):
            (state, token, extent) = (.keyText, [], JSONExtent())
            return nil
        case (.colon, UInt8(ascii: ":")): state = .valueStart
        case (.key, UInt8(ascii: "}")), (.separator, UInt8(ascii: "}")):
            record(bytes.take(upTo: bytes.startIndex + 1))
            return end(to: &pieces)
        default: return fail()
        }
        record(bytes.take(upTo: bytes.startIndex + 1))
        return exceedsUnmarkedLength ? .notACall : nil
    }

    /// Reads a key or a value.
    private mutating func readToken(_ bytes: inout ArraySlice<UInt8>, to pieces: inout [MarkupPiece]) -> Status? {
        var end = bytes.startIndex
        var isOver = false
        var tag = TagMatch.none
        while end < bytes.endIndex, !isOver {
            if let closingTag, extent.mayBeClosed {
                tag = bytes.match([closingTag], at: end)
                if tag != .none { break }
            }
            let place = extent.consume(bytes[end])
            if place != .past { end += 1 }
            isOver = place != .inside
        }
        pass(bytes.take(upTo: end), to: &pieces)
        if isOver { return state == .keyText ? endKey() : endValue(to: &pieces) }
        switch tag {
        case .none: return exceedsUnmarkedLength ? .notACall : nil
        case .partial: return .reading
        case .whole: return cut(to: &pieces)
        }
    }

    private mutating func pass(_ bytes: ArraySlice<UInt8>, to pieces: inout [MarkupPiece]) {
        if state == .keyText || role == .name {
            token += bytes
        } else if role == .arguments {
            if hasStarted { return pieces.append(arguments: bytes) }
            earlyArguments += bytes
        }
        record(bytes)
    }

    /// Keeps what may have to be shown as it was.
    private mutating func record(_ bytes: ArraySlice<UInt8>) {
        if !hasStarted { raw += bytes }
    }

    private var exceedsUnmarkedLength: Bool { isUnmarked && !hasStarted && raw.count > Self.unmarkedLength }

    private var isUnmarked: Bool { if case .unmarked = rule { true } else { false } }

    private mutating func endKey() -> Status? {
        state = .colon
        switch String(decoding: token, as: UTF8.self) {
        case "\"name\"" where name == nil: role = .name
        case "\"arguments\"" where !hasArguments, "\"parameters\"" where !hasArguments: role = .arguments
        default: role = .other
        }
        guard isUnmarked, !isComplete else { return nil }
        let isExpected =
            name == nil ? role == .name || ["\"type\"", "\"id\""].contains(String(decoding: token, as: UTF8.self)) : role == .arguments
        return isExpected ? nil : .notACall
    }

    private mutating func beginValue(_ byte: UInt8, to pieces: inout [MarkupPiece]) -> Status? {
        (state, token, extent) = (.value, [], JSONExtent())
        switch role {
        case .name: if byte != UInt8(ascii: "\"") { return fail() }
        case .arguments:
            if isUnmarked, byte != UInt8(ascii: "{"), byte != UInt8(ascii: "\"") { return .notACall }
            begin(to: &pieces)
            hasArguments = true
        case .other: break
        }
        return nil
    }

    private mutating func endValue(to pieces: inout [MarkupPiece]) -> Status? {
        state = .separator
        switch role {
        case .name:
            guard let text = try? JSONValue(parsing: token).string, !text.isEmpty else { return fail() }
            if case .unmarked(let tools) = rule, !tools.has(text) { return .notACall }
            name = text
            if hasArguments { begin(to: &pieces) }
        case .arguments: if hasStarted { complete(to: &pieces) }
        case .other: break
        }
        return nil
    }

    private mutating func begin(to pieces: inout [MarkupPiece]) {
        guard let name else { return }
        pieces.append(.callStarted(name: name))
        (hasStarted, raw) = (true, [])
        guard hasArguments else { return }
        pieces.append(arguments: earlyArguments)
        complete(to: &pieces)
    }

    private mutating func complete(to pieces: inout [MarkupPiece]) {
        isComplete = true
        pieces.append(.callEnded)
    }

    /// The object's brace has closed.
    private mutating func end(to pieces: inout [MarkupPiece]) -> Status {
        if !hasStarted {
            guard name != nil, !isUnmarked else { return isUnmarked ? .notACall : .unreadable }
            begin(to: &pieces)
        }
        if !isComplete { complete(to: &pieces) }
        return .over
    }

    /// The closing tag came before the object's brace. Models forget the brace; arguments that are whole are a call all the same.
    private mutating func cut(to pieces: inout [MarkupPiece]) -> Status {
        guard hasStarted else { return .unreadable }
        if !isComplete { complete(to: &pieces) }
        return .over
    }

    /// Something stands here that JSON does not have.
    private mutating func fail() -> Status? {
        if isComplete { return .over }
        if isUnmarked { return .notACall }
        if closingTag != nil { return .unreadable }
        (state, extent) = (.malformed, JSONExtent())
        for byte in raw { _ = extent.consume(byte) }
        return nil
    }

    private mutating func readMalformed(_ bytes: inout ArraySlice<UInt8>) -> Status? {
        var end = bytes.startIndex
        var place = JSONExtent.Place.inside
        while end < bytes.endIndex, place == .inside {
            place = extent.consume(bytes[end])
            if place != .past { end += 1 }
        }
        record(bytes.take(upTo: end))
        return place == .inside ? nil : .unreadable
    }
}

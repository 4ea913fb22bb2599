public import JSON

/// Puts records together again that refer to what their log holds elsewhere: what `ContentPacker` has taken apart.
///
/// A state machine without I/O for the files of one log, which is given their records in order. A log that refers to nothing, as those of
/// other programs, passes through as it is. What it remembers is in proportion to the file, and so is what it puts together
/// (`UnpackingBudget`).
public struct ContentUnpacker: Sendable {
    /// What became of a record.
    public enum Outcome: Sendable, Hashable {
        /// The members of the record, whole.
        case whole(JSONObject)
        /// It is no event of the session but holds a content, which is remembered.
        case content
        /// It cannot be put together, for this reason.
        case failed(String)
    }

    private struct Failure: Error {
        var reason: String
    }

    private struct Content {
        var value: JSONValue
        var size: Int
        /// How many levels of lists and objects it has.
        var depth: Int
    }

    private var contents: [ContentHash: Content] = [:]
    private var lists = NamedLists()
    private let maximumSize: Int
    /// Of the record that is being put together, about: how much memory its text would need.
    private var size = 0
    /// How deep the place is that is being put together, and how deep the deepest one was.
    private var level = 0
    private var deepest = 0
    private var budget: UnpackingBudget

    /// An unpacker at the beginning of a file.
    /// - Parameter maximumSize: how many bytes a record may have when it is put together, about: a small log may say a large one.
    public init(maximumSize: Int = 1 << 30) {
        self.init(maximumSize: maximumSize, budget: UnpackingBudget())
    }

    init(maximumSize: Int = 1 << 30, budget: UnpackingBudget) {
        self.maximumSize = maximumSize
        self.budget = budget
    }

    /// Goes on with the next file of the log, which is complete in itself.
    mutating func beginFile() {
        contents = [:]
        lists = NamedLists()
    }

    /// Takes the next record of the file.
    /// - Parameters:
    ///   - members: its members as they stand in the line.
    ///   - length: how many bytes the line has: the longer the file, the more may be put together of it.
    public mutating func unpack(_ members: JSONObject, length: Int = 0) -> Outcome {
        budget.read(length)
        guard let event = members["event"]?.string, var data = members["data"]?.object else { return .whole(members) }
        size = 0
        // Inside the record, its `data`, and the `data` in that.
        level = 3
        deepest = 0
        if event == ContentFormat.event { return learn(data) }
        guard ContentFormat.packing(of: event) != nil, var inner = data["data"]?.object else { return .whole(members) }
        do throws(Failure) {
            if let request = inner["request"] { inner["request"] = try unpack(request) }
            if var response = inner["response"]?.object, let body = response["body"]?.object {
                response["body"] = try unpack(.object(body))
                inner["response"] = .object(response)
            }
        } catch {
            return .failed(error.reason)
        }
        data["data"] = .object(inner)
        var whole = members
        whole["data"] = .object(data)
        return .whole(whole)
    }

    private mutating func learn(_ data: JSONObject) -> Outcome {
        guard let hash = data["hash"]?.string.flatMap({ ContentHash($0) }), let value = data["value"] else {
            return .failed("a content without a hash or a value")
        }
        guard contents[hash] == nil else { return .content }
        do throws(Failure) {
            let isJoined = value.object.map { $0.count == 1 && $0[ContentFormat.join] != nil } ?? false
            level = 0
            let whole = isJoined ? try join(value[ContentFormat.join]?.array ?? []) : try unpack(value)
            guard Self.isHash(hash, of: whole) else { throw Failure(reason: "the content \(hash.text) is not what its hash says") }
            contents[hash] = Content(value: whole, size: size, depth: deepest)
            return .content
        } catch {
            return .failed(error.reason)
        }
    }

    /// Whether a content is what was written: a byte that was changed would be in every record that refers to it.
    private static func isHash(_ hash: ContentHash, of value: JSONValue) -> Bool {
        var writer = JSONWriter()
        writer.write(value)
        // Where there is no memory to reckon it, nobody knows.
        return writer.withBytes { ContentHash(of: $0) }.map { $0 == hash } ?? true
    }

    private mutating func unpack(_ value: JSONValue) throws(Failure) -> JSONValue {
        switch value {
        case .null, .bool, .number:
            try grow(8)
            return value
        case .string(let text):
            try grow(text.utf8.count + 2)
            return value
        case .array(let elements):
            try descend()
            defer { level -= 1 }
            return .array(try unpack(elements))
        case .object(let members): return try unpack(members)
        }
    }

    /// Goes into a list or an object; `level` is to be counted back behind it.
    private mutating func descend() throws(Failure) {
        try reach(1)
        level += 1
    }

    /// Counts what has so many levels of its own in the present place: what is read and written recursively must not be deeper than a parser
    /// of JSON goes.
    private mutating func reach(_ depth: Int) throws(Failure) {
        deepest = max(deepest, level + depth)
        guard deepest <= ContentFormat.maximumDepth else {
            throw Failure(reason: "nested more than \(ContentFormat.maximumDepth) levels deep when it is put together")
        }
    }

    private mutating func unpack(_ members: JSONObject) throws(Failure) -> JSONValue {
        if members.count == 1 {
            if let hash = members[ContentFormat.reference]?.string.flatMap({ ContentHash($0) }) {
                guard let content = contents[hash] else {
                    throw Failure(reason: "the content \(hash.text) does not stand before it in the log")
                }
                try grow(content.size)
                try spend(content.size)
                try reach(content.depth)
                return content.value
            }
            if let literal = members[ContentFormat.literal]?.object, ContentFormat.looksSpecial(literal) {
                return try unpackMembers(literal)
            }
        }
        return try unpackMembers(members)
    }

    private mutating func unpackMembers(_ members: JSONObject) throws(Failure) -> JSONValue {
        try descend()
        defer { level -= 1 }
        var whole = JSONObject()
        whole.reserveCapacity(members.count)
        for (key, value) in members {
            try grow(key.utf8.count + 4)
            whole[key] = try unpack(value)
        }
        return .object(whole)
    }

    private mutating func unpack(_ elements: [JSONValue]) throws(Failure) -> [JSONValue] {
        guard let header = elements.first?.object, let hash = header[ContentFormat.list]?.string.flatMap({ ContentHash($0) }) else {
            var whole: [JSONValue] = []
            whole.reserveCapacity(elements.count)
            for element in elements { whole.append(try unpack(element)) }
            return whole
        }
        var pieces: [NamedLists.Piece] = []
        if header[ContentFormat.source] != nil { pieces.append(try Self.piece(header)) }
        var own: [JSONValue] = []
        let listStart = size
        var ownStart = size
        let outerDeepest = deepest
        deepest = level
        func flush(_ size: Int, depth: Int) {
            if !own.isEmpty { pieces.append(.own(own, size: size - ownStart, depth: depth)) }
            own = []
        }
        for element in elements.dropFirst() {
            if let members = element.object, members[ContentFormat.source] != nil {
                flush(size, depth: deepest - level)
                pieces.append(try Self.piece(members))
                ownStart = size
            } else {
                own.append(try unpack(element))
            }
        }
        flush(size, depth: deepest - level)
        deepest = max(deepest, outerDeepest)
        let list: NamedLists.Whole
        do throws(NamedLists.Failure) {
            list = try lists.elements(of: pieces, maximumSize: min(maximumSize, budget.left))
        } catch {
            throw Failure(reason: error.reason)
        }
        try grow(list.size)
        try spend(list.cost)
        try reach(list.depth)
        lists.add(pieces, list, size: size - listStart, as: hash)
        return list.elements
    }

    private static func piece(_ members: JSONObject) throws(Failure) -> NamedLists.Piece {
        guard let run = Run(members) else { throw Failure(reason: "a part of an earlier list that does not say which") }
        return .earlier(run.source, run.range)
    }

    private mutating func join(_ members: [JSONValue]) throws(Failure) -> JSONValue {
        var bytes: [UInt8] = []
        for member in members {
            if let text = member.string {
                try grow(text.utf8.count)
                bytes += text.utf8
                continue
            }
            guard let run = member.object.flatMap({ Run($0) }) else { throw Failure(reason: "a text in pieces has one that is none") }
            guard case .string(let text)? = contents[run.source]?.value, run.range.upperBound <= text.utf8.count else {
                throw Failure(reason: "a piece of the content \(run.source.text) does not stand before it in the log")
            }
            try grow(run.range.count)
            try spend(run.range.count)
            bytes += text.utf8.dropFirst(run.range.lowerBound).prefix(run.range.count)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Failure(reason: "a text in pieces is no UTF-8") }
        return .string(text)
    }

    /// Counts what is put together.
    private mutating func grow(_ count: Int) throws(Failure) {
        size += count
        guard size <= maximumSize else { throw Failure(reason: "longer than \(maximumSize) bytes when it is put together") }
    }

    /// Counts what stands elsewhere in the log and is put in here.
    private mutating func spend(_ count: Int) throws(Failure) {
        guard budget.spend(count) else {
            throw Failure(reason: "what this log has put together so far is out of all proportion to its size")
        }
    }

    /// A part of an earlier list or text.
    private struct Run {
        var source: ContentHash
        var range: Range<Int>

        init?(_ members: JSONObject) {
            guard let source = members[ContentFormat.source]?.string.flatMap({ ContentHash($0) }),
                let count = members[ContentFormat.count]?.int, count >= 0
            else { return nil }
            let start = members[ContentFormat.start].map { $0.int ?? -1 } ?? 0
            let (end, isTooLarge) = start.addingReportingOverflow(count)
            guard start >= 0, !isTooLarge else { return nil }
            self.source = source
            range = start..<end
        }
    }
}

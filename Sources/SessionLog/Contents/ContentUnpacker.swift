public import JSON

/// Puts records together again that refer to what their log holds elsewhere: what `ContentPacker` has taken apart.
///
/// A state machine without I/O for one log file, which is given its records in order. A log that refers to nothing, as those of other
/// programs, passes through as it is. What it remembers is in proportion to the file.
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
    }

    private var contents: [ContentHash: Content] = [:]
    private var lists = NamedLists()
    private let maximumSize: Int
    /// Of the record that is being put together, about: how much memory its text would need.
    private var size = 0

    /// An unpacker at the beginning of a file.
    /// - Parameter maximumSize: how many bytes a record may have when it is put together, about: a small log may say a large one.
    public init(maximumSize: Int = 1 << 30) {
        self.maximumSize = maximumSize
    }

    /// Takes the next record of the file: its members as they stand in the line.
    public mutating func unpack(_ members: JSONObject) -> Outcome {
        guard let event = members["event"]?.string, var data = members["data"]?.object else { return .whole(members) }
        size = 0
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
            let whole = isJoined ? try join(value[ContentFormat.join]?.array ?? []) : try unpack(value)
            contents[hash] = Content(value: whole, size: size)
            return .content
        } catch {
            return .failed(error.reason)
        }
    }

    private mutating func unpack(_ value: JSONValue) throws(Failure) -> JSONValue {
        switch value {
        case .null, .bool, .number:
            try grow(8)
            return value
        case .string(let text):
            try grow(text.utf8.count + 2)
            return value
        case .array(let elements): return .array(try unpack(elements))
        case .object(let members): return try unpack(members)
        }
    }

    private mutating func unpack(_ members: JSONObject) throws(Failure) -> JSONValue {
        if members.count == 1 {
            if let hash = members[ContentFormat.reference]?.string.flatMap({ ContentHash($0) }) {
                guard let content = contents[hash] else {
                    throw Failure(reason: "the content \(hash.text) does not stand before it in the log")
                }
                try grow(content.size)
                return content.value
            }
            if let literal = members[ContentFormat.literal]?.object, ContentFormat.looksSpecial(literal) {
                return try unpackMembers(literal)
            }
        }
        return try unpackMembers(members)
    }

    private mutating func unpackMembers(_ members: JSONObject) throws(Failure) -> JSONValue {
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
        var ownStart = size
        func flush(_ size: Int) {
            if !own.isEmpty { pieces.append(.own(own, size: size - ownStart)) }
            own = []
        }
        for element in elements.dropFirst() {
            if let members = element.object, members[ContentFormat.source] != nil {
                flush(size)
                pieces.append(try Self.piece(members))
                ownStart = size
            } else {
                own.append(try unpack(element))
            }
        }
        flush(size)
        let list: (elements: [JSONValue], size: Int)
        do throws(NamedLists.Failure) { list = try lists.elements(of: pieces, maximumSize: maximumSize) } catch {
            throw Failure(reason: error.reason)
        }
        try grow(list.size)
        lists.add(pieces, count: list.elements.count, as: hash)
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

import JSON

/// Takes out of events what the log holds already, so that a conversation that is logged with every request costs what it grows by.
///
/// A state machine without I/O for one log file: what it refers to is in records that it has given out before, or was told of.
/// `ContentUnpacker` puts events together again, byte for byte.
struct ContentPacker {
    /// From how many bytes of JSON text on a message or a tool is written once.
    private static let minimumElement = 160
    /// From how many bytes on a text is written once.
    private static let minimumText = 512
    /// From how many bytes of JSON text on a list gets a name.
    private static let minimumList = 256
    /// Lists of any other member that have as many elements get a name.
    private static let minimumCount = 8
    /// From how many bytes on a text is searched for what earlier ones have, too.
    private static let minimumJoined = 4096
    /// How many contents are known at most; then all are written again.
    private static let maximumStored = 1 << 17

    private var stored: Set<ContentHash> = []
    private var messages = KnownLists(finder: RunFinder(window: 1, minimumRun: 2, limit: 1 << 20))
    private var numbers = KnownLists(finder: RunFinder(window: 16, minimumRun: 32, limit: 1 << 21))
    private var texts = RunFinder<UInt8>(window: 128, minimumRun: 512, limit: 16 << 20)
    private var textHashes: [Int: ContentHash] = [:]
    /// The contents of the event that is being packed.
    private var found: [(hash: ContentHash, value: JSONValue)] = []

    /// Says that the file holds a content.
    mutating func learn(_ hash: ContentHash) {
        if stored.count >= Self.maximumStored { stored.removeAll() }
        stored.insert(hash)
    }

    /// The event as it is to be written, behind records of contents.
    mutating func pack(_ event: SessionEvent) -> [SessionEvent] {
        guard let packing = ContentFormat.packing(of: event.name), var data = event.payload["data"]?.object else { return [event] }
        found = []
        if stored.count >= Self.maximumStored { self = ContentPacker() }
        if let request = data["request"] { data["request"] = pack(request, packing) }
        if packing == .all, var response = data["response"]?.object, let body = response["body"]?.string, Self.isDocument(body) {
            response["body"] = reference(to: .string(body))
            data["response"] = .object(response)
        }
        var packed = event
        packed.payload["data"] = .object(data)
        let session = event.payload["session_id"]
        let contents = found.map { content in
            var payload: JSONObject = ["hash": .string(content.hash.text), "value": content.value]
            payload["session_id"] = session
            return SessionEvent(ContentFormat.event, payload, at: event.time)
        }
        found = []
        return contents + [packed]
    }

    /// Whether an answer's body is one that may repeat what earlier ones say, as the tokens of a growing prompt; a stream does not.
    private static func isDocument(_ body: String) -> Bool {
        body.utf8.count >= minimumJoined && body.utf8.first == UInt8(ascii: "{")
    }

    private mutating func pack(_ value: JSONValue, _ packing: ContentFormat.Packing, key: String = "", namesLists: Bool = true) -> JSONValue
    {
        switch value {
        case .null, .bool, .number: return value
        case .string(let text):
            return packing == .all && text.utf8.count >= Self.minimumText ? reference(to: value) ?? value : value
        case .array(let elements):
            let holdsMessages = key == "messages" || key == "tools"
            if namesLists, holdsMessages || elements.count >= Self.minimumCount {
                return .array(list(elements, packing, storesElements: holdsMessages && packing == .all))
            }
            return .array(elements.map { pack($0, packing, namesLists: namesLists) })
        case .object(let members):
            var packed = JSONObject()
            packed.reserveCapacity(members.count)
            for (key, value) in members { packed[key] = pack(value, packing, key: key, namesLists: namesLists) }
            return ContentFormat.looksSpecial(members) ? [ContentFormat.literal: .object(packed)] : .object(packed)
        }
    }

    /// A list under a name, without the runs that earlier lists have, too.
    private mutating func list(_ elements: [JSONValue], _ packing: ContentFormat.Packing, storesElements: Bool) -> [JSONValue] {
        let text = ListText(elements)
        func own(_ index: Int) -> JSONValue {
            if storesElements, text.size(of: index) >= Self.minimumElement, let reference = reference(to: elements[index]) {
                return reference
            }
            return pack(elements[index], packing, namesLists: false)
        }
        guard text.count >= Self.minimumList, let hash = text.hash else { return elements.indices.map(own) }
        let isOfNumbers = elements.allSatisfy { if case .number = $0 { true } else { false } }
        let pieces = isOfNumbers ? numbers.add(text.symbols, hash) : messages.add(text.symbols, hash)
        var header: JSONObject = [ContentFormat.list: .string(hash.text)]
        var packed: [JSONValue] = []
        for (index, piece) in pieces.enumerated() {
            switch piece {
            case .own(let range): packed += range.map(own)
            case .earlier(let source, let range) where index == 0 && range.lowerBound == 0:
                header[ContentFormat.source] = .string(source.text)
                header[ContentFormat.count] = .integer(range.count)
            case .earlier(let source, let range): packed.append(Self.run(of: source, range))
            }
        }
        return [.object(header)] + packed
    }

    private static func run(of source: ContentHash, _ range: Range<Int>) -> JSONValue {
        let members: JSONObject = [
            ContentFormat.source: .string(source.text), ContentFormat.start: .integer(range.lowerBound),
            ContentFormat.count: .integer(range.count),
        ]
        return .object(members)
    }

    /// What stands for a value that is in a record of its own, which is made where there is none; `nil` where that cannot be.
    private mutating func reference(to value: JSONValue) -> JSONValue? {
        var writer = JSONWriter()
        writer.write(value)
        guard let hash = writer.withBytes({ ContentHash(of: $0) }) else { return nil }
        if stored.insert(hash).inserted {
            let content = if case .string(let text) = value { joined(text, hash) } else { packInside(value) }
            found.append((hash, content))
        }
        return [ContentFormat.reference: .string(hash.text)]
    }

    /// A message or a tool with its long texts taken out.
    private mutating func packInside(_ value: JSONValue) -> JSONValue { pack(value, .all, namesLists: false) }

    /// A text without the runs that earlier ones have, too: the same image in another field, a prompt that has grown.
    private mutating func joined(_ text: String, _ hash: ContentHash) -> JSONValue {
        guard text.utf8.count >= Self.minimumJoined else { return .string(text) }
        let bytes = Array(text.utf8)
        let pieces = texts.pieces(of: bytes)
        let number = texts.remember(bytes, pieces: pieces)
        defer {
            textHashes[number] = hash
            if number % 64 == 0 { textHashes = textHashes.filter { texts.keeps($0.key) } }
        }
        var members: [JSONValue] = []
        for piece in Self.wholeCharacters(pieces, of: bytes) {
            switch piece {
            case .own(let range): members.append(.string(String(decoding: bytes[range], as: UTF8.self)))
            case .earlier(let sequence, let range):
                guard let source = textHashes[sequence] else { return .string(text) }
                members.append(Self.run(of: source, range))
            }
        }
        return members.count == 1 && members[0].string != nil ? .string(text) : [ContentFormat.join: .array(members)]
    }

    /// The pieces with their ends moved to where characters begin.
    private static func wholeCharacters(_ pieces: [RunFinder<UInt8>.Piece], of bytes: [UInt8]) -> [RunFinder<UInt8>.Piece] {
        func isInside(_ position: Int) -> Bool { position < bytes.count && bytes[position] & 0b1100_0000 == 0b1000_0000 }
        var whole: [RunFinder<UInt8>.Piece] = []
        var done = 0
        var position = 0
        for piece in pieces {
            guard case .earlier(let sequence, let range) = piece else {
                position += piece.count
                continue
            }
            var start = position
            var end = position + range.count
            while start < end, isInside(start) { start += 1 }
            while end > start, isInside(end) { end -= 1 }
            if start < end {
                if done < start { whole.append(.own(done..<start)) }
                let first = range.lowerBound + start - position
                whole.append(.earlier(sequence: sequence, first..<first + end - start))
                done = end
            }
            position += range.count
        }
        if done < bytes.count { whole.append(.own(done..<bytes.count)) }
        return whole
    }
}

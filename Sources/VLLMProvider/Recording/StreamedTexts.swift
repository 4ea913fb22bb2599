import HTTPTransport
import JSON

/// The texts that a stream of server-sent events says in pieces, each put together: what stands in the same place of one event after the
/// other, of each choice for itself.
struct StreamedTexts {
    /// How many places are told from each other. An answer has a few for each choice; those of a server that makes up more are not looked at.
    private static let placeLimit = 1 << 12

    /// The texts, by the hashes of their places.
    private var texts: [Int: String] = [:]

    /// The texts of a body, as far as it can be read.
    init(_ body: [UInt8]) {
        var decoder = ServerSentEventDecoder(limit: ExchangeRecord.bodyLimit)
        decoder.receive(body)
        while let event = try? decoder.next() {
            if let json = try? JSONValue(parsing: event.data) { add(json, at: 0) }
        }
    }

    /// Whether one of them is such that `condition` holds.
    func contains(where condition: (String) -> Bool) -> Bool { texts.values.contains(where: condition) }

    private mutating func add(_ value: JSONValue, at place: Int) {
        switch value {
        case .string(let text):
            guard texts.count < Self.placeLimit || texts[place] != nil else { return }
            texts[place, default: ""] += text
        case .array(let elements):
            for element in elements {
                // Choices and calls of tools are numbered; what is not, such as the tokens of a piece, is one behind the other.
                add(element, at: element["index"]?.int.map { Self.place($0, in: place) } ?? place)
            }
        case .object(let members):
            for (key, value) in members { add(value, at: Self.place(key, in: place)) }
        case .null, .bool, .number: break
        }
    }

    private static func place(_ key: some Hashable, in place: Int) -> Int {
        var hasher = Hasher()
        hasher.combine(place)
        hasher.combine(key)
        return hasher.finalize()
    }
}

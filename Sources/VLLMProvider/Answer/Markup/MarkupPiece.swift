/// A piece of what a model's raw text says.
enum MarkupPiece: Hashable {
    case text(String)
    case thinking(String)
    /// A call of a tool begins; the pieces of its arguments follow.
    case callStarted(name: String, id: String? = nil)
    /// The text of the call's arguments goes on, as JSON.
    case callArguments(String)
    /// The markup of the call is over.
    case callEnded
    case unreadableCall(UnreadableCall)
}

/// Markup of a call that cannot be read as one.
struct UnreadableCall: Hashable {
    var openingTag: String
    var body: String
    var closingTag: String
    /// The text ended inside.
    var isUnfinished: Bool

    /// The markup as the model wrote it.
    var text: String { openingTag + body + closingTag }
}

extension [MarkupPiece] {
    /// Bytes that were cut beside ASCII characters only, and so are whole characters.
    mutating func append(text bytes: some Collection<UInt8>) {
        if !bytes.isEmpty { append(.text(String(decoding: bytes, as: UTF8.self))) }
    }

    mutating func append(thinking bytes: some Collection<UInt8>) {
        if !bytes.isEmpty { append(.thinking(String(decoding: bytes, as: UTF8.self))) }
    }

    mutating func append(arguments bytes: some Collection<UInt8>) {
        if !bytes.isEmpty { append(.callArguments(String(decoding: bytes, as: UTF8.self))) }
    }
}

import ProviderKit

/// A call of a tool that is not over: what has come of it.
struct OpenCall {
    /// A piece of a call.
    struct Piece {
        /// The server's number of the call.
        var number: Int
        var id: String?
        var name: String?
        var arguments: String
    }

    let number: Int
    /// The block's number, once the call is named.
    private(set) var index: Int?
    /// The call's id, once the block has begun.
    private(set) var id = ""
    /// The id that the server gave the call.
    private(set) var serverID: String?
    private(set) var name: String?
    /// The text of the arguments.
    private(set) var text = ""
    /// The arguments are a whole value.
    private(set) var isComplete = false
    private var extent = JSONExtent()

    init(number: Int) {
        self.number = number
    }

    /// Whether the block has begun.
    var hasStarted: Bool { index != nil }

    /// Whether the piece is the first of another call.
    func isOther(than piece: Piece) -> Bool {
        guard let serverID, let name = piece.name, !name.isEmpty, let id = piece.id else { return false }
        return id != serverID
    }

    /// Takes a piece in. A block begins with the call's name, whatever comes before it.
    mutating func add(_ piece: Piece, opening blocks: inout BlockNumbers, choice: Int, to events: inout [ProviderEvent]) {
        if let id = piece.id, !id.isEmpty, !hasStarted { serverID = id }
        for byte in piece.arguments.utf8 {
            // What follows the value is white space, or the value is none.
            isComplete = isComplete && byte.isBlank || !isComplete && extent.consume(byte) == .last
        }
        text += piece.arguments
        if hasStarted {
            if !piece.arguments.isEmpty, let index { events.append(.blockDelta(index: index, text: piece.arguments)) }
        } else if let name = piece.name, !name.isEmpty {
            self.name = name
            start(opening: &blocks, choice: choice, to: &events)
        }
    }

    /// Begins the block, with an empty name where none has come.
    mutating func start(opening blocks: inout BlockNumbers, choice: Int, to events: inout [ProviderEvent]) {
        id = blocks.callID(serverID)
        let index = blocks.next()
        let kind = BlockStart.Kind.toolCall(id: id, name: name ?? "")
        events.append(.blockStarted(BlockStart(index: index, kind: kind, choice: choice)))
        self.index = index
        if !text.isEmpty { events.append(.blockDelta(index: index, text: text)) }
    }
}

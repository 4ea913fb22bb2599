import JSON

/// The lists of a log that have names, each as what it adds to earlier ones.
struct NamedLists {
    /// A part of a list.
    enum Piece {
        /// Elements of its own, with how many bytes they have.
        case own([JSONValue], size: Int)
        /// Elements of an earlier list.
        case earlier(ContentHash, Range<Int>)

        var count: Int {
            switch self {
            case .own(let elements, _): elements.count
            case .earlier(_, let range): range.count
            }
        }
    }

    struct Failure: Error {
        var reason: String
    }

    private struct List {
        var pieces: [Piece]
        var count: Int
    }

    /// More steps than any list of a conversation takes: what needs more is made to take long.
    private static let maximumSteps = 1 << 24

    private var lists: [ContentHash: List] = [:]

    /// Keeps a list whose pieces are known to have so many elements together. One that says of itself what is known already stays.
    mutating func add(_ pieces: [Piece], count: Int, as hash: ContentHash) {
        if lists[hash] == nil { lists[hash] = List(pieces: pieces, count: count) }
    }

    /// The elements of a list in pieces, and how many bytes those have that are not its own.
    ///
    /// Lists refer to lists, as deep as a conversation is long: no recursion.
    func elements(of pieces: [Piece], maximumSize: Int) throws(Failure) -> (elements: [JSONValue], size: Int) {
        var elements: [JSONValue] = []
        var size = 0
        var steps = 0
        // What is still to be added, the next part last; its depth tells what is its own.
        var rest: [(piece: Piece, part: Range<Int>, isOwn: Bool)] = pieces.reversed().map { ($0, 0..<$0.count, true) }
        while let (piece, part, isOwn) = rest.popLast() {
            steps += 1
            switch piece {
            case .own(let values, let count):
                if !isOwn { size += count }
                steps += part.count
                guard steps <= Self.maximumSteps, size <= maximumSize else { throw Failure(reason: "a list that is too long") }
                elements += values[part]
            case .earlier(let source, let range):
                guard let list = lists[source], range.upperBound <= list.count else {
                    throw Failure(reason: "the list \(source.text) does not stand before it in the log")
                }
                let wanted = range.lowerBound + part.lowerBound..<range.lowerBound + part.upperBound
                var end = list.count
                for piece in list.pieces.reversed() {
                    let start = end - piece.count
                    let common = wanted.clamped(to: start..<end)
                    if !common.isEmpty { rest.append((piece, common.lowerBound - start..<common.upperBound - start, false)) }
                    end = start
                    steps += 1
                }
                guard steps <= Self.maximumSteps else { throw Failure(reason: "a list that is too long") }
            }
        }
        return (elements, size)
    }
}

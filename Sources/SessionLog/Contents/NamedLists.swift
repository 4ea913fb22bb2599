import JSON

/// The lists of a log that have names, each as what it adds to earlier ones.
struct NamedLists {
    /// A part of a list.
    enum Piece {
        /// Elements of its own, with how many bytes and how many levels they have.
        case own([JSONValue], size: Int, depth: Int)
        /// Elements of an earlier list.
        case earlier(ContentHash, Range<Int>)

        var count: Int {
            switch self {
            case .own(let elements, _, _): elements.count
            case .earlier(_, let range): range.count
            }
        }
    }

    struct Failure: Error {
        var reason: String
    }

    /// A list put together.
    struct Whole {
        var elements: [JSONValue]
        /// How many bytes those elements have that are not its own.
        var size = 0
        /// How many bytes it takes that no other list takes: none where it is an earlier list as it is, and shares its elements.
        var cost = 0
        /// How many levels its elements have.
        var depth = 0
    }

    private struct List {
        var pieces: [Piece]
        var count: Int
    }

    /// More steps than any list of a conversation takes: what needs more is made to take long.
    private static let maximumSteps = 1 << 24

    private var lists: [ContentHash: List] = [:]
    /// The lists that were put together last, with all of their bytes: most that come next are one of these, or begin with it.
    private var recent: [(hash: ContentHash, whole: Whole)] = []
    private static let recentCount = 8

    /// Keeps a list that was put together of these pieces. One that says of itself what is known already stays.
    /// - Parameter size: how many bytes all of its elements have.
    mutating func add(_ pieces: [Piece], _ whole: Whole, size: Int, as hash: ContentHash) {
        if lists[hash] == nil {
            lists[hash] = List(pieces: pieces, count: whole.elements.count)
        } else {
            guard pieces.count == 1, case .earlier(hash, _) = pieces[0] else { return }
        }
        recent.removeAll { $0.hash == hash }
        if recent.count >= Self.recentCount { recent.removeFirst() }
        recent.append((hash, Whole(elements: whole.elements, size: size, depth: whole.depth)))
    }

    /// The elements of a list in pieces.
    ///
    /// Lists refer to lists, as deep as a conversation is long: no recursion.
    func elements(of pieces: [Piece], maximumSize: Int) throws(Failure) -> Whole {
        if pieces.count == 1, case .earlier(let source, let range) = pieces[0], let whole = recentList(source, range) { return whole }
        var count = 0
        for piece in pieces {
            let (sum, isTooMuch) = count.addingReportingOverflow(piece.count)
            guard !isTooMuch, sum <= min(Self.maximumSteps, maximumSize / MemoryLayout<JSONValue>.stride) else {
                throw Failure(reason: "a list that is too long")
            }
            count = sum
        }
        var list = Whole(elements: [])
        list.elements.reserveCapacity(count)
        var steps = 0
        // What is still to be added, the next part last; its depth tells what is its own.
        var rest: [(piece: Piece, part: Range<Int>, isOwn: Bool)] = pieces.reversed().map { ($0, 0..<$0.count, true) }
        while let (piece, part, isOwn) = rest.popLast() {
            steps += 1
            switch piece {
            case .own(let values, let size, let depth):
                if !isOwn { list.size += size }
                list.depth = max(list.depth, depth)
                steps += part.count
                guard steps <= Self.maximumSteps, list.size <= maximumSize else { throw Failure(reason: "a list that is too long") }
                list.elements += values[part]
            case .earlier(let source, let range):
                guard let earlier = lists[source], range.upperBound <= earlier.count else {
                    throw Failure(reason: "the list \(source.text) does not stand before it in the log")
                }
                if part.count == earlier.count, let whole = recentList(source, range) {
                    list.size += whole.size
                    list.depth = max(list.depth, whole.depth)
                    list.elements += whole.elements
                    guard list.size <= maximumSize else { throw Failure(reason: "a list that is too long") }
                    continue
                }
                let wanted = range.lowerBound + part.lowerBound..<range.lowerBound + part.upperBound
                var end = earlier.count
                for piece in earlier.pieces.reversed() {
                    let start = end - piece.count
                    let common = wanted.clamped(to: start..<end)
                    if !common.isEmpty { rest.append((piece, common.lowerBound - start..<common.upperBound - start, false)) }
                    end = start
                    steps += 1
                }
                guard steps <= Self.maximumSteps else { throw Failure(reason: "a list that is too long") }
            }
        }
        list.cost = list.size + list.elements.count * MemoryLayout<JSONValue>.stride
        return list
    }

    /// A list that is kept whole, where all of it is wanted.
    private func recentList(_ source: ContentHash, _ range: Range<Int>) -> Whole? {
        guard let whole = recent.last(where: { $0.hash == source })?.whole, range == 0..<whole.elements.count else { return nil }
        return whole
    }
}

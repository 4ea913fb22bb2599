/// The lists that a log has a name for.
struct KnownLists {
    /// A part of a list.
    enum Piece {
        /// These elements of the list itself.
        case own(Range<Int>)
        /// These elements of an earlier list.
        case earlier(ContentHash, Range<Int>)
    }

    private var finder: RunFinder<UInt64>
    private var hashes: [Int: ContentHash] = [:]

    init(finder: RunFinder<UInt64>) {
        self.finder = finder
    }

    /// A list in pieces; from now on later lists can refer to it.
    mutating func add(_ symbols: [UInt64], _ hash: ContentHash) -> [Piece] {
        let pieces = finder.pieces(of: symbols)
        let known = pieces.compactMap { piece -> Piece? in
            switch piece {
            case .own(let range): .own(range)
            case .earlier(let sequence, let range): hashes[sequence].map { .earlier($0, range) }
            }
        }
        let number = finder.remember(symbols, pieces: pieces)
        hashes[number] = hash
        if number % 64 == 0 { hashes = hashes.filter { finder.keeps($0.key) } }
        return known
    }
}

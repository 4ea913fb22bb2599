/// Finds what a sequence has in common with earlier ones: whole runs, wherever they stand, as rsync finds the blocks of a file.
///
/// Earlier sequences are kept, within a limit; one that a later sequence begins with is let go of. Of the runs at a place it takes the
/// longest of a few: the one that was seen last, and those at the same place of the latest sequences, counted from their beginning or their
/// end. So a conversation that says the same again and again is one run, too.
struct RunFinder<Symbol: FixedWidthInteger & Sendable> {
    /// A part of a sequence.
    enum Piece: Equatable {
        /// These places of the sequence itself.
        case own(Range<Int>)
        /// These places of the earlier sequence with this number.
        case earlier(sequence: Int, Range<Int>)

        /// How many symbols it has.
        var count: Int {
            switch self {
            case .own(let range), .earlier(_, let range): range.count
            }
        }
    }

    private struct Place {
        var sequence: Int
        var position: Int
    }

    /// How many symbols are compared at once by one number.
    private let window: Int
    /// The shortest run that is worth being referred to.
    private let minimumRun: Int
    private let limit: Int
    private let factor: UInt64 = 0x9E37_79B9_7F4A_7C15
    /// `factor` to the power of `window`: what the symbol that leaves a window has been multiplied with.
    private let leaving: UInt64

    private var sequences: [Int: [Symbol]] = [:]
    /// The numbers of the latest of them, in their order.
    private var latest: [Int] = []
    private static var latestCount: Int { 8 }
    private var places: [UInt64: Place] = [:]
    private var size = 0
    private var last = 0

    /// A finder that keeps at most about `limit` symbols.
    init(window: Int, minimumRun: Int, limit: Int) {
        self.window = window
        self.minimumRun = minimumRun
        self.limit = limit
        leaving = (0..<window).reduce(1) { power, _ in power &* 0x9E37_79B9_7F4A_7C15 }
    }

    /// Whether the sequence with this number can still be found.
    func keeps(_ sequence: Int) -> Bool { sequences[sequence] != nil }

    /// The sequence in pieces, in order.
    func pieces(of symbols: [Symbol]) -> [Piece] {
        symbols.withUnsafeBufferPointer { pieces(of: $0) }
    }

    private func pieces(of symbols: UnsafeBufferPointer<Symbol>) -> [Piece] {
        var pieces: [Piece] = []
        var own = 0
        var position = 0
        var hash: UInt64?
        while position + window <= symbols.count {
            let here = hash ?? self.hash(symbols, at: position)
            guard let run = longestRun(in: symbols, at: position, hash: here, from: own) else {
                hash = position + window < symbols.count ? rolled(here, symbols, at: position) : nil
                position += 1
                continue
            }
            if own < run.start { pieces.append(.own(own..<run.start)) }
            pieces.append(.earlier(sequence: run.place.sequence, run.place.position..<run.place.position + run.count))
            position = run.start + run.count
            own = position
            hash = nil
        }
        if own < symbols.count { pieces.append(.own(own..<symbols.count)) }
        return pieces
    }

    /// Keeps a sequence, to be found in later ones.
    /// - Parameter pieces: what was found of it.
    /// - Returns: its number.
    mutating func remember(_ symbols: [Symbol], pieces: [Piece]) -> Int {
        if case .earlier(let sequence, let range)? = pieces.first, let earlier = sequences[sequence], range == 0..<earlier.count {
            // All that refers to it is found in the new one, at the same places.
            sequences[sequence] = nil
            latest.removeAll { $0 == sequence }
            size -= earlier.count
        }
        if size + symbols.count > limit {
            sequences = [:]
            latest = []
            places = [:]
            size = 0
        }
        last += 1
        guard symbols.count <= limit else { return last }
        sequences[last] = symbols
        if latest.count >= Self.latestCount { latest.removeFirst() }
        latest.append(last)
        size += symbols.count
        symbols.withUnsafeBufferPointer { symbols in
            for position in stride(from: 0, through: symbols.count - window, by: window) {
                places[hash(symbols, at: position)] = Place(sequence: last, position: position)
            }
        }
        return last
    }

    private typealias Run = (start: Int, place: Place, count: Int)

    /// The longest run around a place that has something in common with an earlier sequence, not reaching back beyond `bound`.
    private func longestRun(in symbols: UnsafeBufferPointer<Symbol>, at position: Int, hash: UInt64, from bound: Int) -> Run? {
        var longest = places[hash].flatMap { run(in: symbols, at: position, from: bound, as: $0) }
        for sequence in latest.reversed() {
            guard let count = sequences[sequence]?.count else { continue }
            let fromEnd = position + count - symbols.count
            for place in fromEnd == position ? [position] : [position, fromEnd] where (0..<count).contains(place) {
                let run = run(in: symbols, at: position, from: bound, as: Place(sequence: sequence, position: place))
                if let run, run.start + run.count > longest.map({ $0.start + $0.count }) ?? 0 { longest = run }
            }
        }
        return longest
    }

    private func run(in symbols: UnsafeBufferPointer<Symbol>, at position: Int, from bound: Int, as place: Place) -> Run? {
        guard let earlier = sequences[place.sequence] else { return nil }
        return earlier.withUnsafeBufferPointer { run(in: symbols, at: position, from: bound, as: place, of: $0) }
    }

    private func run(
        in symbols: UnsafeBufferPointer<Symbol>, at position: Int, from bound: Int, as place: Place, of earlier: UnsafeBufferPointer<Symbol>
    ) -> Run? {
        var place = place
        var start = position
        while start > bound, place.position > 0, symbols[start - 1] == earlier[place.position - 1] {
            start -= 1
            place.position -= 1
        }
        var count = 0
        let most = min(symbols.count - start, earlier.count - place.position)
        while count < most, symbols[start + count] == earlier[place.position + count] { count += 1 }
        return count >= minimumRun && start + count > position ? (start, place, count) : nil
    }

    private func hash(_ symbols: UnsafeBufferPointer<Symbol>, at position: Int) -> UInt64 {
        var hash: UInt64 = 0
        for place in position..<position + window { hash = (hash &+ UInt64(truncatingIfNeeded: symbols[place])) &* factor }
        return hash
    }

    /// The number of the window one further on.
    private func rolled(_ hash: UInt64, _ symbols: UnsafeBufferPointer<Symbol>, at position: Int) -> UInt64 {
        (hash &- UInt64(truncatingIfNeeded: symbols[position]) &* leaving &+ UInt64(truncatingIfNeeded: symbols[position + window]))
            &* factor
    }
}

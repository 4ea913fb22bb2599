/// Cuts an input into pieces, at places that the input itself decides on.
struct Splitting {
    private var state: UInt64

    /// Two inputs with the same bytes are cut at the same places.
    init(seed bytes: [UInt8]) {
        state = bytes.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 } | 1
    }

    private mutating func next() -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state >> 33)
    }

    /// Pieces of 1 to a few bytes, or now and then of many.
    mutating func pieces(_ bytes: [UInt8]) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        let most = [1, 3, 20, 500][next() % 4]
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + 1 + next() % most)
            pieces.append(Array(bytes[start..<end]))
            start = end
        }
        return pieces
    }

    /// Pieces of a text, cut between its characters' code points.
    mutating func pieces(_ text: String) -> [String] {
        var pieces: [String] = []
        var rest = Substring(text).unicodeScalars
        let most = [1, 3, 20, 500][next() % 4]
        while !rest.isEmpty {
            let piece = rest.prefix(1 + next() % most)
            pieces.append(String(String.UnicodeScalarView(piece)))
            rest = rest.dropFirst(piece.count)
        }
        return pieces
    }
}

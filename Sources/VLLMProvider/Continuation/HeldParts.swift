/// The last parts of a round, which are not told yet: where the round breaks off, the next one makes them anew.
struct HeldParts {
    /// How many parts, and how many bytes of them, are held at most: a model that goes on and on with blank lines is not waited for, nor is
    /// a server that goes on with tokens that do not show.
    private static let (countLimit, byteLimit) = (10_000, 1 << 20)

    private var parts: [AnswerPart] = []
    private var byteCount = 0

    var isEmpty: Bool { parts.isEmpty }
    var isFull: Bool { parts.count > Self.countLimit || byteCount > Self.byteLimit }

    mutating func append(_ part: AnswerPart) {
        parts.append(part)
        byteCount += part.byteCount
    }

    /// The parts, which are held no more.
    mutating func take() -> [AnswerPart] {
        defer { self = HeldParts() }
        return parts
    }
}

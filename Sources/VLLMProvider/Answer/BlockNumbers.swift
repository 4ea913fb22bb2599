/// What the blocks of an answer share: their numbers, and the ids of calls, each of which only one may have.
struct BlockNumbers {
    private(set) var count = 0
    private var callIDs: Set<String> = []

    /// The number of a block that begins.
    mutating func next() -> Int {
        defer { count += 1 }
        return count
    }

    /// The id of a call that begins: the one it was given, where no other call has it.
    mutating func callID(_ id: String?) -> String {
        var unique = id ?? Self.newCallID()
        while !callIDs.insert(unique).inserted { unique = Self.newCallID() }
        return unique
    }

    private static func newCallID() -> String {
        "call_" + (0..<24).map { _ in String(Int.random(in: 0..<16), radix: 16) }.joined()
    }
}

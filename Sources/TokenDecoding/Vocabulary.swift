/// The tokens by their ids, in one piece of memory: vocabularies have hundreds of thousands of short tokens.
struct Vocabulary: Sendable {
    private var bytes: [UInt8] = []
    /// Where the token of an id starts in `bytes`; it ends where the next one starts.
    private var starts: [UInt32] = [0]
    private var flags: [Flags] = []

    private struct Flags: OptionSet {
        let rawValue: UInt8
        static let exists = Flags(rawValue: 1)
        static let special = Flags(rawValue: 2)
    }

    init(_ tokens: VocabularyTokens) {
        starts.reserveCapacity(tokens.texts.count + 1)
        for text in tokens.texts {
            bytes += (text ?? "").utf8
            starts.append(UInt32(bytes.count))
            guard let text else {
                flags.append([])
                continue
            }
            flags.append(tokens.special.contains(text) ? [.exists, .special] : .exists)
        }
    }

    var idCount: Int { flags.count }

    /// The token's spelling; `nil` where there is none with this id.
    func bytes(of id: Int) -> ArraySlice<UInt8>? {
        guard flags.indices.contains(id), flags[id].contains(.exists) else { return nil }
        return bytes[Int(starts[id])..<Int(starts[id + 1])]
    }

    func isSpecial(_ id: Int) -> Bool {
        flags.indices.contains(id) && flags[id].contains(.special)
    }
}

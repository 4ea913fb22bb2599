/// Makes whole tokens of parts.
struct GatherStage: DecodingStage {
    private var pending: [UInt8] = []

    mutating func receive(_ part: TokenPart) -> [TokenPart] {
        pending += part.bytes
        guard part.endsToken else { return [] }
        defer { pending = [] }
        return [TokenPart(bytes: pending, endsToken: true)]
    }
}

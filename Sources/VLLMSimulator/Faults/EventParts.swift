/// The events of a stream, one a part with the blank line behind it, in whatever parts the body comes.
struct EventParts: PartSource {
    private static let blankLine = [UInt8](repeating: 10, count: 2)

    private var source: any PartSource
    private var rest: [UInt8] = []

    init(_ source: any PartSource) {
        self.source = source
    }

    mutating func next() -> SimulatedResponse.Part? {
        while true {
            if let end = rest.firstRange(of: Self.blankLine) {
                defer { rest.removeSubrange(..<end.upperBound) }
                return .bytes(Array(rest[..<end.upperBound]))
            }
            guard let part = source.next() else {
                defer { rest = [] }
                return rest.isEmpty ? nil : .bytes(rest)
            }
            guard case .bytes(let bytes) = part else { return part }
            rest += bytes
        }
    }
}

/// What is wrong with an answer below HTTP.
enum WireFault: Sendable {
    /// The connection is closed without an answer.
    case noAnswer
    /// The answer breaks off after so many bytes of its head.
    case inHead(SimulatedFault.Break, Int)
    /// The connection is closed within the chunk that holds this byte of the body.
    case truncatedChunk(Int)
    /// Behind so many bytes of the body comes a chunk whose size is no number.
    case badChunk(Int)
    /// Nothing, but the connection is closed behind the answer.
    case closed
    /// Bytes behind the answer that belong to none, and then the connection is closed.
    case garbage
}

extension SimulatedFault.Break {
    /// How the answer ends.
    var part: SimulatedResponse.Part {
        switch self {
        case .reset: .reset
        case .close: .cut
        case .stall: .hang
        }
    }
}

import JSON

/// Something of which every event of a stream has another, and that stands in one place of its JSON.
enum ChunkSlot: Sendable {
    /// The content of a string: text, thinking, or a tool call's arguments.
    case text
    /// The elements of a list of tokens with their log-probabilities.
    case logprobs
    /// The elements of a list of integers.
    case tokenIDs
}

/// Where in the JSON of an event its slots are, in order.
struct ChunkSlots {
    private(set) var places: [(slot: ChunkSlot, offset: Int)] = []

    /// Slots for values that were found; `nil` where one is no string or list, which can be read but not without parsing.
    init?(text: JSONView? = nil, logprobs: JSONView? = nil, tokenIDs: JSONView? = nil) {
        for (slot, view, kind, opening) in [
            (ChunkSlot.text, text, "string", 0), (.logprobs, logprobs, "array", 1), (.tokenIDs, tokenIDs, "array", 1),
        ] {
            guard let view, !view.isNull else { continue }
            guard view.kind == kind else { return nil }
            places.append((slot, view.offset + opening))
        }
        places.sort { $0.offset < $1.offset }
    }
}

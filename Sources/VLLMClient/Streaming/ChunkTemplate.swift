import JSON

/// The bytes of an event around its slots: by them, events that differ in nothing else are read without parsing.
///
/// What stands before, between and behind the slots is compared byte by byte. Where it is the same, and in the slots stands what belongs
/// there, the JSON is the same but for these values, and so is what a reader makes of it. An event that does not fit has to be parsed:
/// nothing is known about it.
struct ChunkTemplate: Sendable {
    private struct Part {
        let bytes: [UInt8]
        /// The slot behind the bytes.
        let slot: ChunkSlot
    }

    private var parts: [Part] = []
    /// What stands behind the last slot.
    private let rest: [UInt8]

    /// The template of an event that was parsed; `nil` where a slot holds something that can only be parsed.
    init?(_ slots: ChunkSlots, in event: UnsafeBufferPointer<UInt8>) {
        var reader = JSONFragmentReader(event)
        var values = ChunkValues()
        for (slot, offset) in slots.places {
            parts.append(Part(bytes: Array(event[reader.offset..<offset]), slot: slot))
            reader.move(to: offset)
            guard values.read(slot, &reader) else { return nil }
        }
        rest = Array(event[reader.offset...])
    }

    /// What stands in the slots of an event, if it fits.
    func values(in event: UnsafeBufferPointer<UInt8>) -> ChunkValues? {
        var reader = JSONFragmentReader(event)
        var values = ChunkValues()
        for part in parts {
            guard reader.skip(part.bytes), values.read(part.slot, &reader) else { return nil }
        }
        return reader.skip(rest) && reader.isAtEnd ? values : nil
    }
}

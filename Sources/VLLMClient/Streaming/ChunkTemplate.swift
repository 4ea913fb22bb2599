import JSON

/// The bytes of an event but for its text and its token ids: by them, events that differ in nothing else are read without parsing.
///
/// What stands before, between and behind the two is compared byte by byte. Where it is the same, and a string and integers are in their
/// places, the JSON is the same but for these values, and so is what a reader makes of it. An event that does not fit has to be parsed:
/// nothing is known about it.
struct ChunkTemplate: Sendable {
    private let beforeText: [UInt8]
    private let behindText: [UInt8]
    /// What stands behind the token ids; `nil` where there are none, and `behindText` goes to the end.
    private let behindTokenIDs: [UInt8]?

    /// The template of an event that was parsed; `nil` where its token ids stand before the text or are not what can be read without parsing.
    init?(_ slots: ChunkSlots, in event: UnsafeBufferPointer<UInt8>) {
        var reader = JSONFragmentReader(event)
        reader.move(to: slots.text)
        guard reader.string() != nil else { return nil }
        let textEnd = reader.offset
        beforeText = Array(event[..<slots.text])
        guard let start = slots.tokenIDs else {
            behindText = Array(event[textEnd...])
            behindTokenIDs = nil
            return
        }
        reader.move(to: start)
        guard start > textEnd, reader.integers() != nil else { return nil }
        behindText = Array(event[textEnd..<start])
        behindTokenIDs = Array(event[reader.offset...])
    }

    /// The text and the token ids of an event, if it fits.
    func values(in event: UnsafeBufferPointer<UInt8>) -> (text: String, tokenIDs: [Int]?)? {
        var reader = JSONFragmentReader(event)
        guard reader.skip(beforeText), let text = reader.string(), reader.skip(behindText) else { return nil }
        guard let behindTokenIDs else { return reader.isAtEnd ? (text, nil) : nil }
        guard let tokenIDs = reader.integers(), reader.skip(behindTokenIDs), reader.isAtEnd else { return nil }
        return (text, tokenIDs)
    }
}

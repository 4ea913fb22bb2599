import JSON

/// The templates of a stream's events: one for each kind of event, such as those of thinking and of text, and those of each choice.
struct ChunkTemplates<Chunk: DecodableChunk>: Sendable {
    private struct Entry {
        let template: ChunkTemplate
        /// What the event that it was made of was read as.
        let chunk: Chunk
    }

    /// The most templates, and the longest event that one is made of: what a stream keeps is bounded.
    private static var limit: Int { 8 }
    private static var templateLimit: Int { 4096 }
    /// The longest event that is read by one: below it no list can have more elements than a parsed event may.
    private static var eventLimit: Int { 1 << 20 }
    /// After so many templates that no event fitted, there are no more: a stream whose events all differ does not pay for them.
    private static var unusedLimit: Int { 16 }

    private var entries: [Entry] = []
    /// The one that fitted last.
    private var latest = 0
    /// How many were made since one fitted.
    private var unused = 0

    /// Reads an event, if one of the templates fits.
    /// - Parameter chunks: where it goes, behind the others.
    /// - Returns: whether one fitted.
    mutating func read(_ event: UnsafeBufferPointer<UInt8>, to chunks: inout [Chunk]) -> Bool {
        guard !entries.isEmpty, event.count <= Self.eventLimit else { return false }
        if read(event, by: latest, to: &chunks) { return true }
        for index in entries.indices where index != latest && read(event, by: index, to: &chunks) { return true }
        return false
    }

    /// Makes a template of an event, if it is one of those that make up a stream.
    /// - Parameters:
    ///   - chunk: what the event was read as.
    ///   - view: the event as it was parsed.
    mutating func learn(_ chunk: Chunk, _ view: JSONView, _ event: UnsafeBufferPointer<UInt8>) {
        guard event.count <= Self.templateLimit, unused < Self.unusedLimit, let slots = chunk.slots(in: view),
            let template = ChunkTemplate(slots, in: event)
        else { return }
        if entries.count == Self.limit { entries.removeFirst() }
        entries.append(Entry(template: template, chunk: chunk))
        latest = entries.count - 1
        unused += 1
    }

    private mutating func read(_ event: UnsafeBufferPointer<UInt8>, by index: Int, to chunks: inout [Chunk]) -> Bool {
        guard let values = entries[index].template.values(in: event) else { return false }
        (latest, unused) = (index, 0)
        // A chunk is large: it is made where it stays.
        chunks.append(entries[index].chunk)
        chunks[chunks.count - 1].replace(values)
        return true
    }
}

/// Takes the data of each event out of an event stream whose events have one `data:` line each, as vLLM sends them.
struct EventLines: Sendable {
    private var incomplete: [UInt8] = []

    /// Reads more bytes and hands out the data of the events that end in them.
    mutating func decode(_ bytes: [UInt8], _ onEvent: (UnsafeBufferPointer<UInt8>) -> Void) {
        var start = bytes.startIndex
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            incomplete += bytes[start..<end]
            start = end + 1
            if incomplete.last == UInt8(ascii: "\r") { incomplete.removeLast() }
            if incomplete.starts(with: "data: ".utf8) {
                incomplete.withUnsafeBufferPointer { onEvent(UnsafeBufferPointer(rebasing: $0.dropFirst(6))) }
            }
            incomplete.removeAll(keepingCapacity: true)
        }
        incomplete += bytes[start...]
    }
}

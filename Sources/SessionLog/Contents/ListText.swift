import JSON

/// The compact JSON text of a list, and what is reckoned from it.
struct ListText {
    /// How many bytes it has.
    let count: Int
    /// Its checksum; `nil` where there is no memory for it.
    let hash: ContentHash?
    /// A number for each element, which equal elements have in common.
    let symbols: [UInt64]
    private let ends: [Int]

    init(_ elements: [JSONValue]) {
        var writer = JSONWriter()
        var ends: [Int] = []
        ends.reserveCapacity(elements.count)
        writer.write(raw: "[")
        for (index, element) in elements.enumerated() {
            if index > 0 { writer.write(raw: ",") }
            writer.write(element)
            ends.append(writer.count)
        }
        writer.write(raw: "]")
        count = writer.count
        self.ends = ends
        (hash, symbols) = writer.withBytes { bytes in
            var start = 1
            let symbols = ends.map { end in
                var hasher = Hasher()
                hasher.combine(bytes: UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[start..<end])))
                start = end + 1
                return UInt64(bitPattern: Int64(hasher.finalize()))
            }
            return (ContentHash(of: bytes), symbols)
        }
    }

    /// How many bytes an element has.
    func size(of index: Int) -> Int { ends[index] - (index == 0 ? 1 : ends[index - 1] + 1) }
}

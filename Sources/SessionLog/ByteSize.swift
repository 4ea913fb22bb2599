/// Sizes as people write them.
public enum ByteSize {
    private static let units = [("KiB", 10), ("MiB", 20), ("GiB", 30), ("TiB", 40)]
    private static let decimalUnits = [("kB", 1_000), ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000)]

    /// The number of bytes in a text: `4096`, `64MiB`, `1.5 GiB`, `20GB`; `nil` for another text, or for more than there can be.
    public static func bytes(_ text: String) -> Int? {
        var text = text[...]
        var factor = 1.0
        if let (unit, bits) = units.first(where: { text.hasSuffix($0.0) }) {
            text = text.dropLast(unit.count)
            factor = Double(1 << bits)
        } else if let (unit, size) = decimalUnits.first(where: { text.hasSuffix($0.0) }) {
            text = text.dropLast(unit.count)
            factor = Double(size)
        } else if text.hasSuffix("B") {
            text = text.dropLast()
        }
        if text.last == " " { text.removeLast() }
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }), let number = Double(text) else { return nil }
        return Int(exactly: (number * factor).rounded())
    }

    /// The size in the largest unit of 1024 in which it is whole.
    public static func text(_ bytes: Int) -> String {
        guard let (unit, bits) = units.last(where: { bytes >= 1 << $0.1 && bytes % (1 << $0.1) == 0 }) else { return "\(bytes) bytes" }
        return "\(bytes >> bits)\(unit)"
    }
}

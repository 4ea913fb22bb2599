/// Sizes for people.
enum ByteCount {
    /// `873 B`, `12 KiB`, `3.4 GiB`
    static func text(_ bytes: Int) -> String {
        guard bytes >= 1024 else { return "\(bytes) B" }
        var value = Double(bytes) / 1024
        var unit = 0
        while value >= 1024, unit < units.count - 1 {
            value /= 1024
            unit += 1
        }
        let tenths = (value * 10).rounded() / 10
        return (tenths < 10 ? "\(tenths)" : "\(Int(value.rounded()))") + " \(units[unit])"
    }

    private static let units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
}

/// Identifiers as the server makes them: a prefix and 16 hexadecimal digits.
enum WireID {
    /// A new one.
    static func make(_ prefix: String) -> String {
        let digits = String(UInt64.random(in: 0 ... .max), radix: 16)
        return prefix + String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// Numbers that look random and are the same every time: the finalizer of SplitMix64.
enum Scramble {
    /// A number that any change of `value` changes throughout.
    static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value &+ 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A fraction from 0 up to 1.
    static func fraction(_ value: UInt64) -> Double { Double(mix(value) >> 11) / Double(1 << 53) }
}

/// A format of floating-point numbers with a sign, fewer bits than `Float`, and as many bits of exponent at most.
struct SmallFloat {
    let exponentBits: UInt32
    let fractionBits: UInt32
    /// Whether the greatest exponent means infinities and NaN, as IEEE 754 has it; else only all bits set mean NaN.
    var hasInfinities = true

    /// The value of a number in this format, exact.
    func value(_ bits: UInt32) -> Float {
        let greatestExponent: UInt32 = 1 << exponentBits - 1
        let exponent = bits >> fractionBits & greatestExponent
        let fraction = bits & (1 << fractionBits - 1)
        let bias = Int(greatestExponent >> 1)
        let magnitude: Float
        switch exponent {
        case 0: magnitude = Float(sign: .plus, exponent: 1 - bias - Int(fractionBits), significand: Float(fraction))
        case greatestExponent where hasInfinities: magnitude = fraction == 0 ? .infinity : .nan
        case greatestExponent where fraction == 1 << fractionBits - 1: magnitude = .nan
        default: magnitude = Float(bitPattern: UInt32(Int(exponent) - bias + 127) << 23 | fraction << (23 - fractionBits))
        }
        return bits >> (exponentBits + fractionBits) & 1 == 0 ? magnitude : -magnitude
    }
}

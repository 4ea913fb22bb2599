extension DecimalText {
    /// The nearest floating-point value; infinite where the number is beyond its range.
    static func double(_ text: UnsafeBufferPointer<UInt8>) -> Double {
        quickDouble(text) ?? Double(String(decoding: text, as: UTF8.self)) ?? .nan
    }

    /// The value of a number whose digits 64 bits hold and that has no exponent, as nearly all are.
    private static func quickDouble(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
        guard let decimal = decimal(text), let value = double(decimal.magnitude, places: decimal.places) else { return nil }
        return decimal.isNegative ? -value : value
    }

    /// The value of `magnitude` with so many places behind the point; `nil` for more than 27.
    static func double(_ magnitude: UInt64, places: Int) -> Double? {
        guard places < powersOfFive.count else { return nil }
        guard magnitude <= 1 << 53, places < powersOfTen.count else { return quotient(magnitude, places) }
        // Both are exact, so one rounding finds the value (W. D. Clinger, "How to read floating point numbers accurately", 1990).
        return Double(magnitude) / powersOfTen[places]
    }

    /// `magnitude` / 10^`places`, rounded once: the first bits of the quotient, more than a `Double` holds, and whether more follow.
    private static func quotient(_ magnitude: UInt64, _ places: Int) -> Double {
        guard magnitude != 0 else { return 0 }
        // With the highest bits in place the quotient has 63 or 64 bits. The power of two in 10^places only moves the point.
        let (up, down) = (powersOfFive[places].leadingZeroBitCount, magnitude.leadingZeroBitCount)
        let dividend = magnitude << down
        let (quotient, remainder) = (powersOfFive[places] << up).dividingFullWidth((dividend >> 1, dividend << 63))
        let isExact = remainder == 0
        return Double(quotient | (isExact ? 0 : 1)) * powerOfTwo(up - down - 63 - places)
    }

    /// 2 to the power of a number that leaves it in the range of normal values.
    private static func powerOfTwo(_ exponent: Int) -> Double {
        Double(bitPattern: UInt64(1023 + exponent) << 52)
    }

    /// The powers that a `Double` holds exactly.
    private static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]

    /// The powers that 64 bits hold.
    private static let powersOfFive: [UInt64] = (1...27).reduce(into: [1]) { powers, place in powers.append(powers[place - 1] * 5) }
}

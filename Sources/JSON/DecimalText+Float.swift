extension DecimalText {
    /// The nearest `Double`, rounded to a `Float`; infinite where the number is beyond its range.
    static func float(_ text: UnsafeBufferPointer<UInt8>) -> Float {
        quickFloat(text) ?? Float(double(text))
    }

    /// The value where a `Double` that is a few units in its last place off is sure to round to the same `Float`: nearly always.
    private static func quickFloat(_ text: UnsafeBufferPointer<UInt8>) -> Float? {
        guard let decimal = decimal(text) else { return nil }
        let sign: Float = decimal.isNegative ? -1 : 1
        guard decimal.magnitude != 0 else { return 0 * sign }
        guard roundedPowersOfTen.indices.contains(decimal.exponent + mostPlaces) else { return nil }
        // Off by half a unit each: the magnitude, the power and their product.
        let value = Double(decimal.magnitude) * roundedPowersOfTen[decimal.exponent + mostPlaces]
        guard value >= Double(Float.leastNormalMagnitude), value < Double(Float.greatestFiniteMagnitude) else { return nil }
        // What a `Float` has no room for: half of it all is where the rounding turns from down to up.
        let rest = value.bitPattern & ((1 << 29) - 1)
        let isNearHalf = rest &- ((1 << 28) - 8) <= 16
        return isNearHalf ? nil : Float(value) * sign
    }

    /// A number as an integer times a power of ten.
    private struct Decimal {
        var isNegative: Bool
        var magnitude: UInt64
        var exponent: Int
    }

    /// The digits of a number without an exponent; `nil` for others and where they are more than 64 bits hold for certain.
    private static func decimal(_ text: UnsafeBufferPointer<UInt8>) -> Decimal? {
        guard var at = text.baseAddress else { return nil }
        let end = at + text.count
        let isNegative = at.pointee == UInt8(ascii: "-")
        if isNegative { at += 1 }
        var magnitude: UInt64 = 0
        var digits = at
        while at < end, let value = digitValue(at.pointee) {
            magnitude = magnitude &* 10 &+ value
            at += 1
        }
        var places = 0
        if at < end {
            guard at.pointee == UInt8(ascii: ".") else { return nil }
            at += 1
            if digits.pointee == UInt8(ascii: "0") { digits = at }
            places = end - at
            while end - at >= 8 {
                guard let eight = eightDigits(UnsafeRawPointer(at).loadUnaligned(as: UInt64.self)) else { return nil }
                magnitude = magnitude &* 100_000_000 &+ eight
                at += 8
            }
            while at < end {
                guard let value = digitValue(at.pointee) else { return nil }
                magnitude = magnitude &* 10 &+ value
                at += 1
            }
        }
        if end - digits > 19 {
            // More than 64 bits hold, unless zeros lead. A point among the digits counts as one, which sends a few the slow way.
            while digits < end, digits.pointee == UInt8(ascii: "0") { digits += 1 }
            guard end - digits <= 19 else { return nil }
        }
        return Decimal(isNegative: isNegative, magnitude: magnitude, exponent: -places)
    }

    private static func digitValue(_ byte: UInt8) -> UInt64? {
        let value = byte &- UInt8(ascii: "0")
        return value < 10 ? UInt64(value) : nil
    }

    /// The value of eight digits, the first in the lowest byte; `nil` where one is none. Adds neighbours up: digits to pairs, pairs to fours.
    private static func eightDigits(_ text: UInt64) -> UInt64? {
        let text = UInt64(littleEndian: text)
        let zeros: UInt64 = 0x3030_3030_3030_3030
        let digits = text ^ zeros
        // A digit is below 10: it stays below 16 with 6 added.
        guard (digits | (digits &+ 0x0606_0606_0606_0606)) & 0xF0F0_F0F0_F0F0_F0F0 == 0 else { return nil }
        let pairs = (digits &* 10 &+ digits >> 8) & 0x00FF_00FF_00FF_00FF
        let fours = (pairs &* 100 &+ pairs >> 16) & 0x0000_FFFF_0000_FFFF
        return (fours &* 10000 &+ fours >> 32) & 0xFFFF_FFFF
    }

    /// The smallest power of ten in the table.
    private static let mostPlaces = 45

    /// 1e-45 to 1e0, each the nearest `Double`.
    private static let roundedPowersOfTen: [Double] = (0...mostPlaces).map { Double("1e\($0 - mostPlaces)") ?? 0 }
}

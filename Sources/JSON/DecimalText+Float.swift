extension DecimalText {
    /// The nearest `Double`, rounded to a `Float`; infinite where the number is beyond its range.
    @inline(__always)
    static func float(_ text: UnsafeBufferPointer<UInt8>) -> Float {
        quickFloat(text) ?? Float(double(text))
    }

    /// The value where a `Double` that is a few units in its last place off is sure to round to the same `Float`: nearly always.
    ///
    /// Numbers with an exponent and those with more digits than 64 bits hold are left to the slow way.
    @inline(__always)
    private static func quickFloat(_ text: UnsafeBufferPointer<UInt8>) -> Float? {
        guard let decimal = decimal(text) else { return nil }
        return float(decimal.magnitude, places: decimal.places).map { decimal.isNegative ? -$0 : $0 }
    }

    /// The digits of a number as an integer, and how many of them stand behind the point; `nil` for a number with an exponent and for one
    /// with more digits than 64 bits hold.
    @inline(__always)
    static func decimal(_ text: UnsafeBufferPointer<UInt8>) -> (isNegative: Bool, magnitude: UInt64, places: Int)? {
        guard var at = text.baseAddress else { return nil }
        let end = at + text.count
        let isNegative = at.pointee == UInt8(ascii: "-")
        if isNegative { at += 1 }
        var digits = at
        var magnitude: UInt64 = 0
        while at < end, at.pointee != UInt8(ascii: ".") {
            let digit = at.pointee &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            magnitude = magnitude &* 10 &+ UInt64(digit)
            at += 1
        }
        var places = 0
        if at < end {
            at += 1
            places = end - at
            if digits.pointee == UInt8(ascii: "0") { digits = at }
            guard appendDigits(from: at, to: end, in: text, &magnitude) else { return nil }
        }
        if end - digits > 19 {
            // More than 64 bits hold, unless zeros lead. A point among the digits counts as one, which sends a few the slow way.
            while digits < end, digits.pointee == UInt8(ascii: "0") { digits += 1 }
            guard end - digits <= 19 else { return nil }
        }
        return (isNegative, magnitude, places)
    }

    /// Appends the digits from `at` to `end`, which is the end of `text`, eight at a time.
    /// - Returns: whether all of them are digits.
    @inline(__always)
    private static func appendDigits(
        from start: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>, in text: UnsafeBufferPointer<UInt8>, _ magnitude: inout UInt64
    ) -> Bool {
        var at = UnsafeRawPointer(start)
        let end = UnsafeRawPointer(end)
        while end - at >= 8 {
            guard let eight = eightDigits(at.loadUnaligned(as: UInt64.self)) else { return false }
            magnitude = magnitude &* 100_000_000 &+ eight
            at += 8
        }
        let rest = end - at
        guard rest > 0 else { return true }
        guard text.count >= 8 else {
            while at < end {
                let digit = at.load(as: UInt8.self) &- UInt8(ascii: "0")
                guard digit < 10 else { return false }
                magnitude = magnitude &* 10 &+ UInt64(digit)
                at += 1
            }
            return true
        }
        // The last eight bytes, of which those that were read already count as zeros.
        let last = UInt64(littleEndian: (end - 8).loadUnaligned(as: UInt64.self))
        let new = UInt64.max << UInt64(8 * (8 - rest))
        guard let eight = eightDigits((last & new | zeros & ~new).littleEndian) else { return false }
        magnitude = magnitude &* smallPowersOfTen[rest] &+ eight
        return true
    }

    /// The value of eight digits; `nil` where one is none. Adds neighbours up: digits to pairs, pairs to fours.
    @inline(__always)
    private static func eightDigits(_ text: UInt64) -> UInt64? {
        let digits = UInt64(littleEndian: text) ^ zeros
        // A digit is below 10: it stays below 16 with 6 added.
        guard (digits | (digits &+ 0x0606_0606_0606_0606)) & 0xF0F0_F0F0_F0F0_F0F0 == 0 else { return nil }
        let pairs = (digits &* 10 &+ digits >> 8) & 0x00FF_00FF_00FF_00FF
        let fours = (pairs &* 100 &+ pairs >> 16) & 0x0000_FFFF_0000_FFFF
        return (fours &* 10000 &+ fours >> 32) & 0xFFFF_FFFF
    }

    /// The value of `magnitude` with so many places behind the point, where it is sure.
    @inline(__always)
    private static func float(_ magnitude: UInt64, places: Int) -> Float? {
        guard magnitude != 0 else { return 0 }
        guard places <= mostPlaces else { return nil }
        // Off by half a unit each: the magnitude, the power and their product.
        let value = Double(magnitude) * negativePowersOfTen[mostPlaces - places]
        guard value >= Double(Float.leastNormalMagnitude), value < Double(Float.greatestFiniteMagnitude) else { return nil }
        // What a `Float` has no room for: half of it all is where the rounding turns from down to up.
        let rest = value.bitPattern & ((1 << 29) - 1)
        let isNearHalf = rest &- ((1 << 28) - 8) <= 16
        return isNearHalf ? nil : Float(value)
    }

    private static let zeros: UInt64 = 0x3030_3030_3030_3030

    private static let smallPowersOfTen: [UInt64] = [1, 10, 100, 1000, 10000, 100_000, 1_000_000, 10_000_000]

    /// How many places the table of powers is for.
    private static let mostPlaces = 45

    /// Each the nearest `Double`.
    private static let negativePowersOfTen: [Double] = [
        1e-45, 1e-44, 1e-43, 1e-42, 1e-41, 1e-40, 1e-39, 1e-38, 1e-37, 1e-36, 1e-35, 1e-34, 1e-33, 1e-32, 1e-31, 1e-30, 1e-29, 1e-28,
        1e-27, 1e-26, 1e-25, 1e-24, 1e-23, 1e-22, 1e-21, 1e-20, 1e-19, 1e-18, 1e-17, 1e-16, 1e-15, 1e-14, 1e-13, 1e-12, 1e-11, 1e-10,
        1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1e0,
    ]
}

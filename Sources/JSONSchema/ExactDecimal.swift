internal import JSON

/// A number of a JSON text, exactly: digits times a power of ten. A number has one such form.
struct ExactDecimal: Sendable, Hashable {
    private var isNegative = false
    /// Without zeros at either end; empty for zero.
    private var digits: [UInt8] = []
    private var exponent = 0

    /// Exponents beyond this are cut to it: no number that means something has them.
    private static let maxExponent = 1 << 40

    init(_ number: JSONNumber) {
        var hasPoint = false
        let text = Array(number.literal.utf8)
        for (index, byte) in text.enumerated() {
            switch byte {
            case UInt8(ascii: "-"): isNegative = true
            case UInt8(ascii: "."): hasPoint = true
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                digits.append(byte - UInt8(ascii: "0"))
                if hasPoint { exponent -= 1 }
            default:
                addExponent(text[(index + 1)...])
                normalise()
                return
            }
        }
        normalise()
    }

    private mutating func addExponent(_ text: ArraySlice<UInt8>) {
        let limit = text.first == UInt8(ascii: "-") ? -Self.maxExponent : Self.maxExponent
        let value = Int(String(decoding: text, as: UTF8.self)) ?? limit
        exponent += max(-Self.maxExponent, min(Self.maxExponent, value))
    }

    private mutating func normalise() {
        digits.removeFirst(digits.prefix { $0 == 0 }.count)
        while digits.last == 0 {
            digits.removeLast()
            exponent += 1
        }
        if digits.isEmpty { (isNegative, exponent) = (false, 0) }
    }

    var isZero: Bool { digits.isEmpty }
    var isPositive: Bool { !isNegative && !isZero }
    /// `1.0` and `1e3` are integers.
    var isInteger: Bool { exponent >= 0 }
}

extension ExactDecimal: Comparable {
    static func < (left: ExactDecimal, right: ExactDecimal) -> Bool {
        guard left.isNegative == right.isNegative else { return left.isNegative }
        return left.isNegative ? right.hasSmallerMagnitude(than: left) : left.hasSmallerMagnitude(than: right)
    }

    private func hasSmallerMagnitude(than other: ExactDecimal) -> Bool {
        if isZero || other.isZero { return isZero && !other.isZero }
        let (places, otherPlaces) = (digits.count + exponent, other.digits.count + other.exponent)
        return places == otherPlaces ? digits.lexicographicallyPrecedes(other.digits) : places < otherPlaces
    }
}

extension ExactDecimal {
    /// Whether this is an integer times `divisor`; `nil` where the divisor has too many digits for that to be found out.
    func isMultiple(of divisor: ExactDecimal) -> Bool? {
        if isZero { return true }
        // The divisor ends at a higher place, and so does every multiple of it.
        guard exponent >= divisor.exponent else { return false }
        guard divisor.digits.count <= 18 else { return nil }
        let modulus = divisor.digits.reduce(0) { $0 * 10 + UInt64($1) }
        var remainder: UInt64 = 0
        for digit in digits { remainder = (multiplied(remainder, 10, modulo: modulus) + UInt64(digit)) % modulus }
        return multiplied(remainder, power(of: 10, exponent - divisor.exponent, modulo: modulus), modulo: modulus) == 0
    }

    private func multiplied(_ left: UInt64, _ right: UInt64, modulo modulus: UInt64) -> UInt64 {
        modulus.dividingFullWidth((left % modulus).multipliedFullWidth(by: right % modulus)).remainder
    }

    private func power(of base: UInt64, _ exponent: Int, modulo modulus: UInt64) -> UInt64 {
        var (result, square, rest) = (1 % modulus, base % modulus, exponent)
        while rest > 0 {
            if rest & 1 == 1 { result = multiplied(result, square, modulo: modulus) }
            square = multiplied(square, square, modulo: modulus)
            rest >>= 1
        }
        return result
    }
}

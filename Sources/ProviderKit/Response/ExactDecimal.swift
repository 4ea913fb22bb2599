/// A decimal number that is added and multiplied exactly, as money must be: so many units of a power of ten.
package struct ExactDecimal: Sendable, Hashable {
    /// The number without its decimal point.
    private(set) var units: Int128
    /// How many of its digits stand behind the decimal point.
    private(set) var scale: Int

    /// More places than this are not counted in; the largest power of ten that fits has 38.
    private static let maximalScale = 36

    private init(units: Int128, scale: Int) {
        self.units = units
        self.scale = scale
    }

    /// An integer.
    package init(_ value: Int) {
        self.init(units: Int128(value), scale: 0)
    }

    /// A number as JSON, Python's `Decimal` and Swift's `Double` write it: `12`, `0.15`, `1E-7`; `nil` for what is none or does not fit.
    package init?(_ text: String) {
        let halves = text.split(separator: "e", maxSplits: 1, omittingEmptySubsequences: false)
            .flatMap { $0.split(separator: "E", maxSplits: 1, omittingEmptySubsequences: false) }
        guard halves.count <= 2, let exponent = halves.count == 2 ? Int(halves[1]) : 0, abs(exponent.clampedToPlaces) < 100 else {
            return nil
        }
        let isNegative = halves[0].hasPrefix("-")
        let parts = halves[0].dropFirst(isNegative ? 1 : 0).split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first else { return nil }
        let fraction = parts.count == 2 ? parts[1] : ""
        let digits = whole + fraction
        guard !digits.isEmpty, digits.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let units = Int128(digits) else { return nil }
        self.init(units: isNegative ? -units : units, scale: fraction.utf8.count - exponent)
        while scale < 0 {
            let (product, overflows) = self.units.multipliedReportingOverflow(by: 10)
            if overflows { return nil }
            self.units = product
            scale += 1
        }
        normalize()
        if scale > Self.maximalScale { return nil }
    }

    /// Both together; `nil` where that does not fit.
    package func plus(_ other: ExactDecimal) -> ExactDecimal? {
        let places = max(scale, other.scale)
        guard let left = units(atScale: places), let right = other.units(atScale: places) else { return nil }
        let (sum, overflows) = left.addingReportingOverflow(right)
        return overflows ? nil : ExactDecimal(units: sum, scale: places).normalized
    }

    /// So many times this; `nil` where that does not fit.
    func times(_ count: Int) -> ExactDecimal? {
        let (product, overflows) = units.multipliedReportingOverflow(by: Int128(count))
        return overflows ? nil : ExactDecimal(units: product, scale: scale).normalized
    }

    /// A millionth of this; `nil` where that does not fit.
    var millionth: ExactDecimal? {
        let result = ExactDecimal(units: units, scale: scale + 6).normalized
        return result.scale > Self.maximalScale ? nil : result
    }

    /// The number in plain digits, without an exponent and without zeros at its end: `0.00012`.
    package var text: String {
        let digits = String(units.magnitude)
        let padded = String(repeating: "0", count: max(0, scale + 1 - digits.utf8.count)) + digits
        let whole = padded.dropLast(scale)
        return (units < 0 ? "-" : "") + whole + (scale == 0 ? "" : "." + padded.suffix(scale))
    }

    private func units(atScale places: Int) -> Int128? {
        var units = units
        for _ in scale..<places {
            let (product, overflows) = units.multipliedReportingOverflow(by: 10)
            if overflows { return nil }
            units = product
        }
        return units
    }

    private var normalized: ExactDecimal {
        var number = self
        number.normalize()
        return number
    }

    private mutating func normalize() {
        while scale > 0, units % 10 == 0 {
            units /= 10
            scale -= 1
        }
    }
}

extension Int {
    /// An exponent that `abs` can take.
    fileprivate var clampedToPlaces: Int { Swift.max(-1000, Swift.min(1000, self)) }
}

/// The values of numbers spelled in JSON's grammar. The texts have been checked: these functions do not check them again.
enum DecimalText {
    /// The value as an integer, if it is integral and fits; exact, with no way over floating point.
    static func int(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
        let isNegative = text.first == minus
        var magnitude = 0
        var index = isNegative ? 1 : 0
        while index < text.count, let digit = digit(text[index]) {
            // Counted downwards: Int.min has no positive counterpart.
            guard let next = appended(digit, to: magnitude) else { return integral(text) }
            magnitude = next
            index += 1
        }
        guard index == text.count else { return integral(text) }
        return isNegative ? magnitude : negated(magnitude)
    }

    private static let minus = UInt8(ascii: "-")

    private static func digit(_ byte: UInt8) -> Int? {
        let value = byte &- UInt8(ascii: "0")
        return value < 10 ? Int(value) : nil
    }

    /// `digit` behind the digits of `magnitude`, which is zero or negative; `nil` on overflow.
    private static func appended(_ digit: Int, to magnitude: Int) -> Int? {
        let (tens, first) = magnitude.multipliedReportingOverflow(by: 10)
        let (sum, second) = tens.subtractingReportingOverflow(digit)
        return first || second ? nil : sum
    }

    private static func negated(_ magnitude: Int) -> Int? {
        magnitude == .min ? nil : -magnitude
    }

    /// The value of a number with a fraction or an exponent (or of one too long), if it is an integer that fits.
    private static func integral(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
        let parts = Parts(text)
        guard !parts.digits.isEmpty else { return 0 }
        // Trailing zeros are gone, so a place behind the decimal point holds a digit that counts.
        guard parts.exponent >= 0, parts.digits.count + parts.exponent <= 19 else { return nil }
        var magnitude = 0
        for digit in parts.digits + repeatElement(0, count: parts.exponent) {
            guard let next = appended(digit, to: magnitude) else { return nil }
            magnitude = next
        }
        return parts.isNegative ? magnitude : negated(magnitude)
    }

    /// A number as digits without zeros at either end, times a power of ten.
    private struct Parts {
        let isNegative: Bool
        private(set) var digits: [Int] = []
        private(set) var exponent = 0

        init(_ text: UnsafeBufferPointer<UInt8>) {
            isNegative = text.first == minus
            var hasPoint = false
            for (index, byte) in text.enumerated() {
                if let digit = digit(byte) {
                    digits.append(digit)
                    if hasPoint { exponent -= 1 }
                } else if byte == UInt8(ascii: ".") {
                    hasPoint = true
                } else if byte | 0x20 == UInt8(ascii: "e") {
                    addExponent(UnsafeBufferPointer(rebasing: text[(index + 1)...]))
                    break
                }
            }
            while digits.last == 0 {
                digits.removeLast()
                exponent += 1
            }
            digits.removeFirst(digits.prefix { $0 == 0 }.count)
        }

        /// An exponent too long for a number is as good as a huge one: nothing that fits an integer has it.
        private mutating func addExponent(_ text: UnsafeBufferPointer<UInt8>) {
            let digits = String(decoding: text, as: UTF8.self)
            let value = Int(digits) ?? (text.first == minus ? -1 << 40 : 1 << 40)
            exponent = max(-1 << 40, min(1 << 40, value)) + exponent
        }
    }
}

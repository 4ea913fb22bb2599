extension LogTimestamp {
    /// Reads an RFC 3339 date and time, with any number of digits behind the seconds (those beyond nanoseconds are dropped) and any
    /// offset; `nil` when `text` is something else or has no offset.
    public init?(_ text: String) {
        var text = text
        guard let time = text.withUTF8({ Self.read($0) }) else { return nil }
        self = time
    }

    private static func read(_ text: UnsafeBufferPointer<UInt8>) -> LogTimestamp? {
        var rest = Cursor(text)
        guard
            let year = rest.number(digits: 4), rest.skip("-"),
            let month = rest.number(digits: 2), (1...12).contains(month), rest.skip("-"),
            let day = rest.number(digits: 2), rest.skip("T") || rest.skip("t") || rest.skip(" "),
            let hour = rest.number(digits: 2), hour < 24, rest.skip(":"),
            let minute = rest.number(digits: 2), minute < 60, rest.skip(":"),
            let second = rest.number(digits: 2), second <= 60,
            let nanoseconds = rest.fraction(),
            let offset = rest.offset(), rest.isAtEnd
        else { return nil }
        let date = CalendarDate(year: year, month: month, day: day)
        // A day that its month does not have comes back as a day of the next one.
        guard CalendarDate(daysSince1970: date.daysSince1970) == date else { return nil }
        let secondOfDay = hour * 3600 + minute * 60 + second
        return LogTimestamp(seconds: date.daysSince1970 * 86_400 + secondOfDay - offset, nanoseconds: nanoseconds)
    }
}

/// Goes through the bytes of a time. By bytes in place: a log is read with a time in every line.
private struct Cursor {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position == bytes.count }

    /// The digit that is next; nothing is consumed where there is none.
    private mutating func digit() -> Int? {
        guard position < bytes.count, case let digit = bytes[position] &- UInt8(ascii: "0"), digit < 10 else { return nil }
        position += 1
        return Int(digit)
    }

    /// The number that the next `digits` bytes spell.
    mutating func number(digits: Int) -> Int? {
        var value = 0
        for _ in 0..<digits {
            guard let digit = digit() else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    /// Goes past a character, where it is next.
    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    /// The digits behind the seconds in nanoseconds; 0 where there are none.
    mutating func fraction() -> Int? {
        guard skip(".") || skip(",") else { return 0 }
        var value = 0
        var digits = 0
        while let digit = digit() {
            digits += 1
            if digits <= 9 { value = value * 10 + digit }
        }
        guard digits > 0 else { return nil }
        for _ in digits..<max(9, digits) { value *= 10 }
        return value
    }

    /// The offset from UTC in seconds.
    mutating func offset() -> Int? {
        if skip("Z") || skip("z") { return 0 }
        let isEast = skip("+")
        guard isEast || skip("-"),
            let hours = number(digits: 2), hours < 24, skip(":"),
            let minutes = number(digits: 2), minutes < 60
        else { return nil }
        return (isEast ? 1 : -1) * (hours * 3600 + minutes * 60)
    }
}

extension LogTimestamp {
    /// Reads an RFC 3339 date and time, with any number of digits behind the seconds (those beyond nanoseconds are dropped) and any
    /// offset; `nil` when `text` is something else or has no offset.
    public init?(_ text: String) {
        var rest = Substring(text).utf8
        guard
            let year = Self.number(&rest, digits: 4), Self.skip(&rest, "-"),
            let month = Self.number(&rest, digits: 2), (1...12).contains(month), Self.skip(&rest, "-"),
            let day = Self.number(&rest, digits: 2), Self.skip(&rest, "Tt "),
            let hour = Self.number(&rest, digits: 2), hour < 24, Self.skip(&rest, ":"),
            let minute = Self.number(&rest, digits: 2), minute < 60, Self.skip(&rest, ":"),
            let second = Self.number(&rest, digits: 2), second <= 60,
            let nanoseconds = Self.fraction(&rest),
            let offset = Self.offset(&rest), rest.isEmpty
        else { return nil }
        let date = CalendarDate(year: year, month: month, day: day)
        // A day that its month does not have comes back as a day of the next one.
        guard CalendarDate(daysSince1970: date.daysSince1970) == date else { return nil }
        let secondOfDay = hour * 3600 + minute * 60 + second
        self.init(seconds: date.daysSince1970 * 86_400 + secondOfDay - offset, nanoseconds: nanoseconds)
    }

    /// The number that the next `digits` bytes spell; nothing is consumed where they do not.
    private static func number(_ rest: inout Substring.UTF8View, digits: Int) -> Int? {
        let field = rest.prefix(digits)
        guard field.count == digits, field.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else { return nil }
        rest.removeFirst(digits)
        return field.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }

    private static func skip(_ rest: inout Substring.UTF8View, _ anyOf: StaticString) -> Bool {
        guard let first = rest.first, anyOf.withUTF8Buffer({ $0.contains(first) }) else { return false }
        rest.removeFirst()
        return true
    }

    /// The digits behind the seconds in nanoseconds; 0 where there are none.
    private static func fraction(_ rest: inout Substring.UTF8View) -> Int? {
        guard skip(&rest, ".,") else { return 0 }
        var value = 0
        var digits = 0
        while let digit = number(&rest, digits: 1) {
            digits += 1
            if digits <= 9 { value = value * 10 + digit }
        }
        guard digits > 0 else { return nil }
        for _ in digits..<max(9, digits) { value *= 10 }
        return value
    }

    /// The offset from UTC in seconds.
    private static func offset(_ rest: inout Substring.UTF8View) -> Int? {
        if skip(&rest, "Zz") { return 0 }
        let isEast = skip(&rest, "+")
        guard isEast || skip(&rest, "-"),
            let hours = number(&rest, digits: 2), hours < 24, skip(&rest, ":"),
            let minutes = number(&rest, digits: 2), minutes < 60
        else { return nil }
        return (isEast ? 1 : -1) * (hours * 3600 + minutes * 60)
    }
}

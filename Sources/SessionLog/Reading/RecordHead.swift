#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What stands at the beginning of a record's line, found without reading the rest: in most records of a log, all that one wants to know.
///
/// Of members that stand twice the first one counts here; whoever goes on to read the record takes the last.
struct RecordHead {
    /// The event's name, as its bytes stand in the line.
    var event: Range<Int>?
    /// The level.
    var level: Range<Int>?
    /// The time.
    var time: Range<Int>?

    /// Looks for the members until all are found, or `data` begins. `nil` where the line cannot be judged without reading it: it is no object,
    /// one of the texts has escapes in it, or `event` does not stand before `data`.
    init?(_ line: UnsafeBufferPointer<UInt8>) {
        var scanner = Scanner(line: line)
        guard scanner.take("{") else { return nil }
        while let key = scanner.text(), scanner.take(":") {
            switch key.count {
            case 5 where scanner.spells("event", key): event = scanner.text()
            case 3 where scanner.spells("lvl", key): level = scanner.text()
            case 2 where scanner.spells("ts", key): time = scanner.text()
            case 4 where scanner.spells("data", key):
                if event == nil { return nil }
                return
            default: guard scanner.skipValue() else { return nil }
            }
            if event != nil, level != nil, time != nil { return }
            guard scanner.take(",") else { break }
        }
        if event == nil { return nil }
    }
}

/// Goes through a line of JSON without checking it.
private struct Scanner {
    let line: UnsafeBufferPointer<UInt8>
    private var position = 0

    init(line: UnsafeBufferPointer<UInt8>) {
        self.line = line
    }

    private mutating func skipSpaces() {
        while position < line.count, line[position] == UInt8(ascii: " ") || line[position] == UInt8(ascii: "\t") { position += 1 }
    }

    /// Goes past a character, where it is the next one.
    mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipSpaces()
        guard position < line.count, line[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    /// Goes past a string that has no escapes; its bytes without the quotes.
    mutating func text() -> Range<Int>? {
        guard take("\"") else { return nil }
        let start = position
        while position < line.count {
            switch line[position] {
            case UInt8(ascii: "\""):
                position += 1
                return start..<position - 1
            case UInt8(ascii: "\\"): return nil
            default: position += 1
            }
        }
        return nil
    }

    func spells(_ name: StaticString, _ range: Range<Int>) -> Bool {
        line.baseAddress.map { memcmp($0 + range.lowerBound, name.utf8Start, range.count) == 0 } ?? false
    }

    /// Goes past any value.
    mutating func skipValue() -> Bool {
        var depth = 0
        repeat {
            skipSpaces()
            guard position < line.count else { return false }
            switch line[position] {
            case UInt8(ascii: "\""): guard skipString() else { return false }
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                position += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard depth > 0 else { return false }
                depth -= 1
                position += 1
            case UInt8(ascii: ","), UInt8(ascii: ":"):
                guard depth > 0 else { return false }
                position += 1
            default: skipWord()
            }
        } while depth > 0
        return true
    }

    /// Goes past a number or a literal, and past one byte of whatever else stands there.
    private mutating func skipWord() {
        repeat { position += 1 } while position < line.count && !Self.endsWord(line[position])
    }

    private static func endsWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: " "), UInt8(ascii: "\t"),
            UInt8(ascii: "\""):
            true
        default: false
        }
    }

    private mutating func skipString() -> Bool {
        position += 1
        while position < line.count {
            switch line[position] {
            case UInt8(ascii: "\""):
                position += 1
                return true
            case UInt8(ascii: "\\"): position += 2
            default: position += 1
            }
        }
        return false
    }
}

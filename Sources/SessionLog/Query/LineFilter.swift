import RegularExpressions
import Timestamps

/// Tells lines that no query wants from the others, with as little reading as can be.
struct LineFilter: ~Copyable {
    let query: RecordQuery
    /// What every line that is wanted has in it; all others can be passed over without being looked at.
    let finder: ByteFinder?
    private var matcher: RegularExpression.Matcher?
    /// The names of events that were met, and whether they are wanted: there are few, and they come again and again.
    private var knownEvents: [(name: [UInt8], isWanted: Bool)] = []

    init(_ query: RecordQuery) {
        self.query = query
        finder = query.text?.finder ?? query.requestID.flatMap { ByteFinder($0) } ?? query.status.flatMap { ByteFinder($0) }
        matcher = query.text?.expression.map { RegularExpression.Matcher($0) }
    }

    /// Whether the text that is wanted stands in a line.
    mutating func hasText(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        if let finder = query.text?.finder, finder.firstMatch(in: line) == nil { return false }
        return matchesExpression(line)
    }

    /// Whether a line in which `finder` has found something matches the expression, too.
    mutating func matchesExpression(_ line: UnsafeBufferPointer<UInt8>) -> Bool { matcher?.matches(line) ?? true }

    /// Whether a line may hold a record that is wanted, as far as its beginning tells.
    mutating func mayWant(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        guard !query.events.isEmpty || query.minimumLevel != nil || query.since != nil || query.until != nil else { return true }
        guard let head = RecordHead(line) else { return true }
        if !query.events.isEmpty, let event = head.event, !wantsEvent(UnsafeBufferPointer(rebasing: line[event])) { return false }
        if let level = head.level, !query.wantsLevel(LogLevel(rawValue: String(decoding: line[level], as: UTF8.self))) { return false }
        if query.since != nil || query.until != nil, let time = head.time {
            return LogTimestamp(String(decoding: line[time], as: UTF8.self)).map { query.wantsTime($0) } ?? false
        }
        return true
    }

    /// Whether a record fulfils all conditions of the query, but for the text.
    mutating func matches(_ record: SessionRecord) -> Bool {
        if !query.events.isEmpty {
            var name = record.event
            guard name.withUTF8({ wantsEvent($0) }) else { return false }
        }
        return query.matchesBesidesEvent(record)
    }

    private mutating func wantsEvent(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        if let known = knownEvents.first(where: { $0.name.count == name.count && $0.name.elementsEqual(name) }) { return known.isWanted }
        let isWanted = query.wantsEvent(String(decoding: name, as: UTF8.self))
        // A log of hostile names must not make this long.
        if knownEvents.count < 64 { knownEvents.append((Array(name), isWanted)) }
        return isWanted
    }
}

extension ByteFinder {
    /// Looks for a member's value, where JSON can write it in one way only.
    fileprivate init?(_ value: String) {
        guard value.utf8.count >= 2,
            value.utf8.allSatisfy({
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D || $0 == 0x5F
            })
        else { return nil }
        self.init([Array(value.utf8)])
    }
}

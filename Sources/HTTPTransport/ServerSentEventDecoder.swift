#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Makes events out of the bytes of a `text/event-stream` body, after the rules of WHATWG HTML §9.2.6, wherever the bytes are split.
///
/// It is a value without I/O: give it a batch with `receive`, then take events with `next` until it returns `nil`. An event whose data
/// is one line that came in one batch is a slice of that batch, not a copy. Time is linear in the number of bytes.
///
///     decoder.receive(batch)
///     while let event = try decoder.next() { … }
///
/// At the end of the body an event that was not ended by an empty line is dropped; `hasPartialEvent` tells that there was one.
public struct ServerSentEventDecoder: Sendable {
    /// How long to wait before connecting again, if the stream has said so (`retry`).
    public private(set) var reconnectionTime: Duration?
    /// The last `id` field, empty where there was none.
    public private(set) var lastEventID = ""

    private let limit: Int
    /// What has come and was not used up: a batch, behind what was left of the one before.
    private var buffer: [UInt8] = []
    /// Where the next line starts.
    private var position = 0
    /// The batch that comes behind the buffer, and where its first byte is that the buffer does not have.
    private var waiting: (batch: [UInt8], start: Int) = ([], 0)
    /// No line ends between `position` and here.
    private var searched = 0
    /// Where the next line feed is, `buffer.count` where there is none, before `searched` where that is not known.
    private var lineFeed = -1
    /// Whether a line feed that comes next belongs to a carriage return before it.
    private var skipsLineFeed = false
    private var isFirstLine = true
    private var failure: TransportError?

    private var event = ""
    /// The one `data` line until now.
    private var line: ArraySlice<UInt8>?
    /// The `data` lines until now, where there is more than one.
    private var lines: [UInt8] = []

    /// A decoder.
    /// - Parameter limit: how many bytes a line and the data of an event may have, however they are split into batches.
    public init(limit: Int = 16 << 20) {
        self.limit = limit
    }

    /// Whether something has come that no empty line has ended yet. At the end of the body it means that the stream was cut.
    public var hasPartialEvent: Bool {
        position < buffer.count || waiting.start < waiting.batch.count || line != nil || !event.isEmpty
    }

    /// Whether all that has come was used up: there is nothing more to take before more is received.
    package var isExhausted: Bool {
        position == buffer.count && waiting.start == waiting.batch.count && failure == nil
    }

    /// Takes the next batch; what is left of the one before stays in front of it.
    public mutating func receive(_ bytes: [UInt8]) {
        if position == buffer.count, waiting.start == waiting.batch.count {
            if !waiting.batch.isEmpty { waiting = ([], 0) }
            (buffer, position, searched, lineFeed) = (bytes, 0, 0, -1)
            return
        }
        extendBuffer(waiting.batch[waiting.start...])
        // Of the batch no more is copied than the line needs that was cut.
        let end = position == buffer.count ? 0 : bytes.firstIndex(of: 10, in: bytes.indices).map { $0 + 1 } ?? bytes.count
        extendBuffer(bytes[..<end])
        waiting = (bytes, end)
        takeWaiting()
    }

    private mutating func extendBuffer(_ bytes: ArraySlice<UInt8>) {
        guard !bytes.isEmpty else { return }
        if position == 0 {
            buffer += bytes
        } else {
            buffer = Array(buffer[position...]) + bytes
            searched -= position
            position = 0
        }
        lineFeed = -1
    }

    /// Goes on with the batch that waits, if nothing is left of the buffer.
    /// - Returns: whether there is more to read.
    @discardableResult
    private mutating func takeWaiting() -> Bool {
        guard position == buffer.count, waiting.start < waiting.batch.count else { return false }
        (buffer, position) = waiting
        (searched, lineFeed, waiting) = (position, -1, ([], 0))
        return true
    }

    /// The next event of what was received, or `nil` when more bytes are needed.
    /// - Throws: `TransportError` `.eventTooLarge` when a line or an event is longer than the limit; then always again.
    public mutating func next() throws(TransportError) -> ServerSentEvent? {
        if let data = nextPlainData() { return ServerSentEvent(data: data, id: lastEventID) }
        if let failure { throw failure }
        repeat {
            while let range = nextLine() {
                try check(range.count)
                if range.isEmpty {
                    if let event = dispatch() { return event }
                } else {
                    interpret(range)
                }
                try check(lines.isEmpty ? line?.count ?? 0 : lines.count)
            }
        } while takeWaiting()
        // Of the first line, a byte order mark is none of it.
        try check(buffer.count - position - (isFirstLine ? 3 : 0))
        return nil
    }

    /// The events that `bytes` complete: `receive` and `next` in one.
    /// - Throws: as `next`; the events before the one that is too large are lost.
    public mutating func decode(_ bytes: [UInt8]) throws(TransportError) -> [ServerSentEvent] {
        receive(bytes)
        var events: [ServerSentEvent] = []
        while let event = try next() { events.append(event) }
        return events
    }

    /// The data of the next event, if it is nothing but one line of data within the limit, and all there: as nearly all events are. Where it
    /// is not, or there is none, `next` tells.
    public mutating func nextPlainData() -> ArraySlice<UInt8>? {
        guard failure == nil, line == nil, event.isEmpty, searched <= position, buffer.count - position > Self.dataField.utf8CodeUnitCount
        else {
            return nil
        }
        let isPlain = buffer.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return false }
            let start = base + position
            guard memcmp(start, Self.dataField.utf8Start, Self.dataField.utf8CodeUnitCount) == 0 else { return false }
            if lineFeed < position {
                lineFeed = memchr(start, 10, bytes.count - position).map { UnsafeRawPointer($0) - base } ?? bytes.count
            }
            return lineFeed + 1 < bytes.count && bytes[lineFeed + 1] == 10 && lineFeed - position <= limit
                && memchr(start, 13, lineFeed - position) == nil
        }
        guard isPlain else { return nil }
        let data = buffer[(position + Self.dataField.utf8CodeUnitCount)..<lineFeed]
        position = lineFeed + 2
        (isFirstLine, skipsLineFeed) = (false, false)
        return data
    }

    /// A line of data begins so, as servers write it.
    private static let dataField: StaticString = "data: "

    private mutating func check(_ count: Int) throws(TransportError) {
        guard count > limit else { return }
        let failure = TransportError(.eventTooLarge, "an event of the stream is larger than \(limit) bytes")
        self.failure = failure
        (buffer, position, searched, line, lines, waiting) = ([], 0, 0, nil, [], ([], 0))
        throw failure
    }

    /// The next line without its end, which is a line feed, a carriage return or both.
    private mutating func nextLine() -> Range<Int>? {
        if skipsLineFeed, position < buffer.count {
            skipsLineFeed = false
            if buffer[position] == 10 { position += 1 }
        }
        searched = max(searched, position)
        guard searched < buffer.count else { return nil }
        if lineFeed < searched { lineFeed = buffer.firstIndex(of: 10, in: searched..<buffer.count) ?? buffer.count }
        let carriageReturn = buffer.firstIndex(of: 13, in: searched..<lineFeed)
        let end = carriageReturn ?? lineFeed
        searched = end
        guard end < buffer.count else { return nil }
        var start = position
        position = end + 1
        skipsLineFeed = carriageReturn != nil
        if isFirstLine {
            isFirstLine = false
            if buffer[start..<end].starts(with: [0xEF, 0xBB, 0xBF]) { start += 3 }
        }
        return start..<end
    }

    private mutating func interpret(_ range: Range<Int>) {
        let colon = buffer.firstIndex(of: UInt8(ascii: ":"), in: range) ?? range.upperBound
        var start = min(colon + 1, range.upperBound)
        if start < range.upperBound, buffer[start] == 32 { start += 1 }
        let value = start..<range.upperBound
        switch buffer.field(in: range.lowerBound..<colon) {
        case .data: append(buffer[value])
        case .event: event = String(decoding: buffer[value], as: UTF8.self)
        case .id:
            if !buffer[value].contains(0) { lastEventID = String(decoding: buffer[value], as: UTF8.self) }
        case .retry:
            let isNumber = buffer[value].allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            if isNumber, let milliseconds = Int64(String(decoding: buffer[value], as: UTF8.self)) {
                reconnectionTime = .milliseconds(milliseconds)
            }
        case nil: break
        }
    }

    private mutating func append(_ value: ArraySlice<UInt8>) {
        guard let line else {
            self.line = value
            return
        }
        if lines.isEmpty { lines = Array(line) }
        lines.append(10)
        lines += value
    }

    private mutating func dispatch() -> ServerSentEvent? {
        defer {
            event = ""
            line = nil
            lines = []
        }
        guard let line else { return nil }
        return ServerSentEvent(event: event.isEmpty ? nil : event, data: lines.isEmpty ? line : lines[...], id: lastEventID)
    }
}

/// The fields that the standard knows.
private enum Field {
    case data, event, id, retry
}

extension [UInt8] {
    fileprivate func firstIndex(of byte: UInt8, in range: Range<Int>) -> Int? {
        withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress, !range.isEmpty else { return nil }
            return memchr(base + range.lowerBound, Int32(byte), range.count).map { UnsafeRawPointer($0) - base }
        }
    }

    /// The field of this name; `nil` for one that the standard does not know, and for a comment, whose name is empty.
    fileprivate func field(in range: Range<Int>) -> Field? {
        // Almost every line is one of data, and a comparison of bytes costs a tenth of one of strings.
        func isNamed(_ name: StaticString) -> Bool {
            name.utf8CodeUnitCount == range.count
                && withUnsafeBytes { bytes in
                    bytes.baseAddress.map { memcmp($0 + range.lowerBound, name.utf8Start, range.count) == 0 } ?? false
                }
        }
        if isNamed("data") { return .data }
        if isNamed("event") { return .event }
        if isNamed("id") { return .id }
        return isNamed("retry") ? .retry : nil
    }
}

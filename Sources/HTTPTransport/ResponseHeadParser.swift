#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The status and the header fields of a response.
struct ResponseHead: Sendable {
    var status: Int
    var headers = HTTPHeaders()
    /// When the request began to be sent.
    var sentAt = MonotonicTime.now
}

/// Puts a response's head together, line by line; interim responses (1xx) and trailers are left out.
struct ResponseHeadParser {
    /// What a line meant.
    enum Step {
        /// More lines are needed, or the line was of no interest.
        case more
        /// The final head is there.
        case head(ResponseHead)
        /// There were more bytes than the limit allows.
        case tooLarge
        /// The status line is none.
        case malformed
    }

    let limit: Int
    private var count = 0
    private var head: ResponseHead?
    private var last: (name: String, value: String)?
    private var isComplete = false

    /// Whether it was given anything.
    var hasBytes: Bool { count > 0 }

    /// - Parameter limit: how many bytes all heads and the trailers of one exchange may have together.
    init(limit: Int) {
        self.limit = limit
    }

    /// Takes a line with its line end.
    mutating func receive(_ line: UnsafeBufferPointer<UInt8>) -> Step {
        count += line.count
        guard count <= limit else { return .tooLarge }
        guard !isComplete else { return .more }
        var end = line.count
        while end > 0, line[end - 1] == 10 || line[end - 1] == 13 { end -= 1 }
        let text = UnsafeBufferPointer(rebasing: line[..<end])
        guard !text.isEmpty, let start = text.baseAddress else { return finish() }
        if text.count >= 5, memcmp(start, "HTTP/", 5) == 0 { return self.start(text) }
        return field(text)
    }

    private mutating func start(_ line: UnsafeBufferPointer<UInt8>) -> Step {
        guard let status = Self.status(in: line) else { return .malformed }
        head = ResponseHead(status: status)
        head?.headers.reserveCapacity(Self.usualFields)
        last = nil
        return .more
    }

    /// As many fields as vLLM sends (four in 0.32), and some of gateways before it.
    private static let usualFields = 8

    /// The number that is the second word of a status line.
    private static func status(in line: UnsafeBufferPointer<UInt8>) -> Int? {
        guard let space = line.firstIndex(of: 32) else { return nil }
        var status = 0
        for byte in line[space...].drop(while: { $0 == 32 }).prefix(while: { $0 != 32 }) {
            guard case let digit = byte &- UInt8(ascii: "0"), digit < 10, status < 1000 else { return nil }
            status = status * 10 + Int(digit)
        }
        return (100...999).contains(status) ? status : nil
    }

    private mutating func field(_ line: UnsafeBufferPointer<UInt8>) -> Step {
        if line[0] == 32 || line[0] == 9 {
            // An obsolete folded line belongs to the field before (RFC 9112 §5.2).
            last?.value += " " + trimmed(line, from: 0)
        } else {
            append()
            let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
            let name = String(decoding: UnsafeBufferPointer(rebasing: line[..<colon]), as: UTF8.self)
            last = (name, trimmed(line, from: min(colon + 1, line.count)))
        }
        return .more
    }

    private mutating func finish() -> Step {
        append()
        guard let head else { return .malformed }
        // 101 is final for the one who did not ask for another protocol.
        if (100..<200).contains(head.status), head.status != 101 { return .more }
        isComplete = true
        return .head(head)
    }

    private mutating func append() {
        if let last { head?.headers.append(name: last.name, value: last.value) }
        last = nil
    }
}

private func trimmed(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> String {
    func isBlank(_ place: Int) -> Bool { bytes[place] == 32 || bytes[place] == 9 }
    var (start, end) = (start, bytes.count)
    while start < end, isBlank(start) { start += 1 }
    while start < end, isBlank(end - 1) { end -= 1 }
    return String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<end]), as: UTF8.self)
}

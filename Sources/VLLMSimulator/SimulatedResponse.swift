public import JSON

/// An answer that a script gives in place of the simulator's own.
public struct SimulatedResponse: Sendable {
    /// A part of a body, or something that happens in its course.
    public enum Part: Sendable {
        /// Bytes, sent as one HTTP chunk where the body is chunked.
        case bytes([UInt8])
        /// Nothing for a while.
        case pause(Duration)
        /// Nothing until the gate opens.
        case gate(SimulatorGate)
        /// Nothing until the client leaves or the simulator stops.
        case hang
        /// The connection is closed, without an end of the body.
        case cut
        /// The connection is reset (RST), without an end of the body.
        case reset
    }

    /// The status code.
    public var status: Int
    /// The header fields, beside `date`, `server` and those about the body's length.
    public var headers: [(name: String, value: String)]
    /// What happens before the head is sent.
    public var before: [Part] = []
    /// The body.
    public var parts: [Part]
    /// Whether the body is sent chunked, or with a `Content-Length` of all its bytes (also those behind a cut).
    public var isChunked: Bool
    /// Whether the header fields are all that there are but `date`: nothing says that it is vLLM who answers.
    public var hasOwnHeadersOnly = false

    /// An answer with a body of several parts.
    public init(status: Int = 200, headers: [(name: String, value: String)] = [], parts: [Part], isChunked: Bool = true) {
        self.status = status
        self.headers = headers
        self.parts = parts
        self.isChunked = isChunked
    }

    /// An answer with a text, sent whole.
    public static func text(_ text: String, status: Int = 200, type: String = "text/plain; charset=utf-8") -> SimulatedResponse {
        SimulatedResponse(status: status, headers: [("content-type", type)], parts: [.bytes(Array(text.utf8))], isChunked: false)
    }

    /// An answer with JSON, sent whole.
    public static func json(_ value: JSONValue, status: Int = 200) -> SimulatedResponse {
        text(value.text, status: status, type: "application/json")
    }

    /// An event stream of these events' data, a chunk an event, and then `ending`.
    public static func events(_ data: [String], ending: [Part] = []) -> SimulatedResponse {
        let events = data.map { Part.bytes(Array("data: \($0)\n\n".utf8)) }
        return SimulatedResponse(headers: [("content-type", "text/event-stream; charset=utf-8")], parts: events + ending)
    }

    /// No answer at all: the connection is closed after the request.
    public static let noAnswer: SimulatedResponse = {
        var response = SimulatedResponse(parts: [])
        response.before = [.cut]
        return response
    }()

    /// The same answer with the connection cut after so many bytes of the body.
    public func cut(afterBytes limit: Int) -> SimulatedResponse {
        var left = limit
        var cut = self
        cut.parts = []
        for part in parts {
            guard case .bytes(let bytes) = part else {
                cut.parts.append(part)
                continue
            }
            if left > 0 { cut.parts.append(.bytes(Array(bytes.prefix(left)))) }
            left -= bytes.count
            guard left > 0 else { break }
        }
        cut.parts.append(.cut)
        cut.contentLength = contentLength
        return cut
    }

    /// The length that the head promises, where the body is not chunked: that of all bytes, unless it is set.
    public var contentLength: Int {
        get { promisedLength ?? parts.reduce(0) { if case .bytes(let bytes) = $1 { $0 + bytes.count } else { $0 } } }
        set { promisedLength = newValue }
    }

    private var promisedLength: Int?
}

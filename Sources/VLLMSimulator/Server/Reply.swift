import JSON

/// An answer on its way to the connection.
struct Reply {
    /// What a body is made of.
    enum Body {
        /// All bytes at once, with their length in the head.
        case whole([UInt8])
        /// Parts as they come; without a length they are chunks.
        case parts(any PartSource, length: Int?)

        /// The body in parts.
        var source: any PartSource {
            switch self {
            case .whole(let bytes): ListedParts(parts: [.bytes(bytes)])
            case .parts(let source, _): source
            }
        }

        /// The length that the head promises; `nil` where there are chunks.
        var length: Int? {
            switch self {
            case .whole(let bytes): bytes.count
            case .parts(_, let length): length
            }
        }
    }

    var status = 200
    var headers: [(name: String, value: String)] = []
    /// What happens before the head is sent.
    var before: [SimulatedResponse.Part] = []
    var body: Body
    /// What is wrong with it below HTTP, so that it is written to the socket byte by byte.
    var wireFault: WireFault?
    /// Whether `vary: Origin` is in the head, as in all answers but the ones to a bad key.
    var varies = true
    /// Whether `server` is in the head.
    var namesServer = true

    /// The header fields in the order in which they are sent, but those about the body's length.
    var fields: [(name: String, value: String)] {
        [("date", HTTPDate.now)] + (namesServer ? [("server", "uvicorn")] : []) + headers + (varies ? [("vary", "Origin")] : [])
    }

    /// JSON, sent whole.
    static func json(_ value: JSONValue, status: Int = 200) -> Reply {
        Reply(status: status, headers: [("content-type", "application/json")], body: .whole(value.bytes))
    }

    /// Nothing but a head.
    static var empty: Reply { Reply(body: .whole([])) }

    /// An error.
    static func error(_ error: WireError) -> Reply {
        var reply = json(error.body, status: error.status)
        reply.varies = error.status != 401
        return reply
    }

    /// An event stream.
    static func events(_ source: any PartSource) -> Reply {
        Reply(headers: [("content-type", "text/event-stream; charset=utf-8")], body: .parts(source, length: nil))
    }

    /// A script's answer.
    static func scripted(_ response: SimulatedResponse) -> Reply {
        let parts = ListedParts(parts: response.parts[...])
        return Reply(
            status: response.status, headers: response.headers, before: response.before,
            body: .parts(parts, length: response.isChunked ? nil : response.contentLength), varies: !response.hasOwnHeadersOnly,
            namesServer: !response.hasOwnHeadersOnly)
    }
}

/// Where the parts of a body come from, one at a time, `nil` at the end.
protocol PartSource {
    mutating func next() -> SimulatedResponse.Part?
}

/// Parts that are all there.
struct ListedParts: PartSource {
    var parts: ArraySlice<SimulatedResponse.Part>

    mutating func next() -> SimulatedResponse.Part? { parts.popFirst() }
}

import JSON

extension Reply {
    /// The answer with a fault in it.
    func failing(_ fault: SimulatedFault) -> Reply {
        var reply = self
        switch fault {
        case .refuse: reply.wireFault = .noAnswer
        case .inHead(let how, let count): reply.wireFault = .inHead(how, count)
        case .truncatedChunk(let position): reply.wireFault = .truncatedChunk(position)
        case .badChunk(let position): reply.wireFault = .badChunk(position)
        case .closeAfter: reply.wireFault = .closed
        case .garbage: reply.wireFault = .garbage
        case .atByte(let how, let count):
            reply.body = .parts(BrokenParts(body.source, limit: count, ending: how.part), length: body.length)
        case .drip(let size, let interval):
            reply.body = .parts(DrippingParts(body.source, size: size, interval: interval), length: body.length)
        case .status(let status, let headers, let body): reply = .status(status, headers: headers, body: body)
        case .contentType(let type): reply["content-type"] = type
        case .otherForm: break
        case .gzipBomb:
            reply["content-encoding"] = "gzip"
            reply.body = .parts(EndlessParts.gzipBomb, length: nil)
        case .endlessLine: reply.body = endlessLine
        case .lines, .invalidEvent, .errorEvent, .missingDone, .doubleDone, .eventsAfterDone, .endlessStream:
            if isEventStream {
                reply.body = .parts(FaultyEvents(body.source, fault: fault), length: nil)
            } else {
                reply.failWhole(fault)
            }
        }
        return reply
    }

    /// What the faults of streams are to an answer in one piece; those that have no meaning there leave it as it is.
    private mutating func failWhole(_ fault: SimulatedFault) {
        switch fault {
        case .invalidEvent:
            guard case .whole(let bytes) = body else { return }
            body = .whole(Array(bytes.prefix(bytes.count / 2)))
        case .errorEvent: self = .error(.deadEngine)
        case .endlessStream: body = endlessLine
        default: break
        }
    }

    private var isEventStream: Bool { self["content-type"]?.hasPrefix("text/event-stream") == true }

    private var endlessLine: Body {
        .parts(EndlessParts(Array((isEventStream ? "data: " : "{\"id\": \"").utf8), repeating: Array("x".utf8)), length: nil)
    }

    private static func status(_ status: Int, headers: [String], body: String?) -> Reply {
        var reply = Reply.error(WireError(status: status))
        if let body {
            reply.body = .whole(Array(body.utf8))
            let isJSON = body.hasPrefix("{") || body.hasPrefix("[")
            reply["content-type"] = isJSON ? "application/json" : body.hasPrefix("<") ? "text/html" : "text/plain; charset=utf-8"
        }
        for header in headers {
            let parts = header.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count > 1 ? parts[1].drop { $0 == " " } : ""
            reply.headers.removeAll { $0.name.lowercased() == parts[0].lowercased() }
            reply.headers.append((String(parts[0]), String(value)))
        }
        return reply
    }

    /// A header field.
    private subscript(name: String) -> String? {
        get { headers.first { $0.name.lowercased() == name }?.value }
        set {
            headers.removeAll { $0.name.lowercased() == name }
            if let newValue { headers.append((name, newValue)) }
        }
    }
}

extension SimulatedRequest {
    /// The same request for an answer in one piece where it asked for a stream, and the other way round.
    var inOtherForm: SimulatedRequest {
        guard var fields = json?.object else { return self }
        fields["stream"] = .bool(fields["stream"]?.bool != true)
        fields["stream_options"] = nil
        var other = self
        other.body = JSONValue.object(fields).bytes
        return other
    }
}

public import JSON

// A batch of events as bytes. Most of them are deltas and log-probabilities: those are written and read without building a value.

extension JSONWriter {
    /// Writes events as a JSON array.
    public mutating func write(_ events: [ProviderEvent]) {
        write(raw: "[")
        var isFirst = true
        // A span lends its elements; an array gives copies of them.
        let events = events.span
        for index in events.indices {
            if !isFirst { write(raw: ",") }
            isFirst = false
            write(events[index])
        }
        write(raw: "]")
    }

    private mutating func write(_ event: ProviderEvent) {
        switch event {
        case .blockDelta(let index, let text):
            write(raw: #"{"type":"block_delta","index":"#)
            write(index)
            write(raw: #","text":"#)
            write(text)
            write(raw: "}")
        case .logprobs(let tokens):
            write(raw: #"{"type":"logprobs","tokens":"#)
            write(tokens)
            write(raw: "}")
        default: write(event.json)
        }
    }
}

extension ProviderEvent {
    /// Reads a JSON array of events, without those of types that this version does not know.
    /// - Throws: `ContractError` naming the member that is wrong, or saying why it is not JSON.
    public static func batch(parsing json: UnsafeBufferPointer<UInt8>) throws(ContractError) -> [ProviderEvent] {
        if let events = plainBatch(json) { return events }
        return try JSONView.read(json, orThrow: { ContractError(path: "", message: $0.description) }) { view throws(ContractError) in
            guard view.kind == "array" else { throw .expected("an array", view.value) }
            var events: [ProviderEvent] = []
            events.reserveCapacity(view.count)
            var index = 0
            for element in view.elements {
                do throws(ContractError) {
                    if let event = try ProviderEvent(element) { events.append(event) }
                } catch {
                    throw error.within("[\(index)]")
                }
                index += 1
            }
            return events
        }
    }

    /// Reads a batch of deltas and log-probabilities as `JSONWriter` writes them; `nil` where something else stands in it, or it is spelled
    /// otherwise.
    private static func plainBatch(_ json: UnsafeBufferPointer<UInt8>) -> [ProviderEvent]? {
        var reader = JSONFragmentReader(json)
        var events: [ProviderEvent] = []
        // A delta has some fifty bytes.
        events.reserveCapacity(min(json.count / 48, 4096))
        guard reader.skip("[") else { return nil }
        repeat {
            guard let event = ProviderEvent(plain: &reader) else { return nil }
            events.append(event)
        } while reader.skip(",")
        return reader.skip("]") && reader.isAtEnd ? events : nil
    }

    private init?(plain reader: inout JSONFragmentReader) {
        if reader.skip(#"{"type":"block_delta","index":"#) {
            guard let index = reader.integer(), reader.skip(#","text":""#), let text = reader.string(), reader.skip("\"}") else {
                return nil
            }
            self = .blockDelta(index: index, text: text)
        } else {
            guard reader.skip(#"{"type":"logprobs","tokens":["#), let tokens = TokenLogprob.list(plain: &reader), reader.skip("]}") else {
                return nil
            }
            self = .logprobs(tokens)
        }
    }

    private init?(_ view: JSONView) throws(ContractError) {
        if view["type"]?.string == "block_delta", let index = view["index"]?.int, let text = view["text"]?.string {
            self = .blockDelta(index: index, text: text)
        } else {
            try self.init(json: view.value)
        }
    }
}

public import JSON

// A batch of events as bytes. Most of them are deltas, one a token: those are written and read without building a value.

extension JSONWriter {
    /// Writes events as a JSON array.
    public mutating func write(_ events: [ProviderEvent]) {
        write(raw: "[")
        var isFirst = true
        for event in events {
            if !isFirst { write(raw: ",") }
            isFirst = false
            write(event)
        }
        write(raw: "]")
    }

    private mutating func write(_ event: ProviderEvent) {
        guard case .blockDelta(let index, let text) = event else { return write(event.json) }
        write(raw: #"{"type":"block_delta","index":"#)
        write(index)
        write(raw: #","text":"#)
        write(text)
        write(raw: "}")
    }
}

extension ProviderEvent {
    /// Reads a JSON array of events, without those of types that this version does not know.
    /// - Throws: `ContractError` naming the member that is wrong, or saying why it is not JSON.
    public static func batch(parsing json: UnsafeBufferPointer<UInt8>) throws(ContractError) -> [ProviderEvent] {
        try JSONView.read(json, orThrow: { ContractError(path: "", message: $0.description) }) { view throws(ContractError) in
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

    private init?(_ view: JSONView) throws(ContractError) {
        if view["type"]?.string == "block_delta", let index = view["index"]?.int, let text = view["text"]?.string {
            self = .blockDelta(index: index, text: text)
        } else {
            try self.init(json: view.value)
        }
    }
}

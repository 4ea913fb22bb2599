import HTTPTransport

extension FuzzTarget {
    /// The decoder of event streams: the same events wherever the bytes are split, and never more than the limit in one.
    static let eventStream = FuzzTarget { bytes in
        let limit = 200
        let whole = events([bytes], limit: limit)
        var splitting = Splitting(seed: bytes)
        let split = events(splitting.pieces(bytes), limit: limit)
        require(whole == split, "split, the events are others: \(whole) or \(split)")
        require(whole.events.allSatisfy { $0.data.count <= limit }, "an event is larger than the limit")
        let single = events(bytes.map { [$0] }, limit: limit)
        require(whole == single, "byte by byte, the events are others: \(whole) or \(single)")
    }

    private struct Outcome: Equatable {
        struct Event: Equatable {
            var event: String?
            var data: [UInt8]
            var id: String
        }

        var events: [Event] = []
        var failure: TransportError?
        var lastEventID = ""
        var reconnectionTime: Duration?
        var hasPartialEvent = false
    }

    private static func events(_ batches: [[UInt8]], limit: Int) -> Outcome {
        var outcome = Outcome()
        var decoder = ServerSentEventDecoder(limit: limit)
        do throws(TransportError) {
            for batch in batches {
                decoder.receive(batch)
                while let event = try decoder.next() {
                    outcome.events.append(Outcome.Event(event: event.event, data: Array(event.data), id: event.id))
                }
            }
            (outcome.lastEventID, outcome.reconnectionTime) = (decoder.lastEventID, decoder.reconnectionTime)
            outcome.hasPartialEvent = decoder.hasPartialEvent
        } catch { outcome.failure = error }
        return outcome
    }
}

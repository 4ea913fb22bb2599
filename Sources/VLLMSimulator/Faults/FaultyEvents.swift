/// An event stream with a fault in it.
struct FaultyEvents: PartSource {
    private static let done = Array("data: [DONE]\n\n".utf8)
    private static let field = Array("data: ".utf8)
    /// Of an endless stream, the event that comes again and again: behind the role, and before the end of any answer.
    private static let repeatedEvent = 2

    private var events: EventParts
    private let fault: SimulatedFault
    private var index = 0
    private var queue: ArraySlice<SimulatedResponse.Part> = []
    private var isOver = false
    private var endless: EndlessParts?

    init(_ source: any PartSource, fault: SimulatedFault) {
        events = EventParts(source)
        self.fault = fault
    }

    mutating func next() -> SimulatedResponse.Part? {
        while true {
            if let part = queue.popFirst() { return part }
            guard !isOver else { return endless?.next() }
            guard let part = events.next() else { return nil }
            guard case .bytes(let event) = part else { return part }
            queue = rewritten(event)[...]
            index += 1
        }
    }

    private mutating func rewritten(_ event: [UInt8]) -> [SimulatedResponse.Part] {
        switch fault {
        case .lines(let lines): return rewritten(event, lines)
        case .invalidEvent(index): return [.bytes(Array(event.prefix(event.count / 2)) + [10, 10])]
        case .errorEvent(index):
            isOver = true
            return EventStream.failure(.deadEngine)
        case .missingDone where event == Self.done: return []
        case .doubleDone where event == Self.done: return [.bytes(event), .bytes(event)]
        case .eventsAfterDone where event == Self.done: return [.bytes(event), .bytes(Array("data: garbage\n\n".utf8))]
        case .endlessStream where index == Self.repeatedEvent:
            isOver = true
            endless = EndlessParts(event, repeating: event)
            return []
        default: return [.bytes(event)]
        }
    }

    private func rewritten(_ event: [UInt8], _ lines: SimulatedFault.Lines) -> [SimulatedResponse.Part] {
        func ended(with end: [UInt8]) -> [UInt8] { event.flatMap { $0 == 10 ? end : [$0] } }
        let hasField = event.starts(with: Self.field)
        switch lines {
        case .crlf: return [.bytes(ended(with: [13, 10]))]
        case .mixed: return [.bytes(ended(with: [[10], [13], [13, 10]][index % 3]))]
        case .splitBytes: return event.map { .bytes([$0]) }
        case .wrongField: return [.bytes(hasField ? Array("date: ".utf8) + event.dropFirst(Self.field.count) : event)]
        case .noField: return [.bytes(hasField ? Array(event.dropFirst(Self.field.count)) : event)]
        case .noBlankLine: return [.bytes(event.dropLast())]
        }
    }
}

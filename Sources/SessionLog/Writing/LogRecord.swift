package import JSON
package import Redaction
import Timestamps

/// An event on its way into the queue of a log.
package struct LogRecord: Sendable {
    enum Content {
        /// Where its finished line stands among others.
        case line(Range<Int>)
        /// An event that is made into lines when the file is at hand, since that may hold its contents already, and about how many bytes of
        /// memory it holds.
        case event(SessionEvent, size: Int)
    }

    let content: Content
    /// Whether it is one of those that go first where there is no room for all: for people who look for a fault, or a piece of a stream
    /// whose whole is told again.
    let isMinor: Bool
    /// When it happened.
    let time: LogTimestamp

    init(content: Content, isMinor: Bool, time: LogTimestamp) {
        (self.content, self.isMinor, self.time) = (content, isMinor, time)
    }

    /// A record of an event, which is made into a line as far as that can be without the file.
    /// - Parameters:
    ///   - redactor: what takes secrets out of the line.
    ///   - writer: gets the line.
    package init(_ event: borrowing SessionEvent, _ encoder: RecordEncoder, _ redactor: Redactor?, to writer: inout JSONWriter) {
        let level: LogLevel
        if ContentFormat.packing(of: event.name) != nil {
            level = LogLevel(event: event.name, payload: event.payload)
            content = .event(copy event, size: event.memory)
        } else {
            let start = writer.count
            if let payload = redactor?.redacted(event.payload) {
                level = encoder.write(SessionEvent(event.name, payload, at: event.time), to: &writer)
            } else {
                level = encoder.write(event, to: &writer)
            }
            content = .line(start..<writer.count)
        }
        isMinor = level == .debug || (event.name.lastByte == UInt8(ascii: "a") && event.name.ends(with: "delta"))
        time = event.time
    }
}

import JSON
import Locks
import ProviderKit

/// A session that keeps the events that it wants in memory.
final class EventCollector: EventSink {
    typealias Event = (name: String, data: JSONObject)

    private let entries = Guarded<[Event]>([])
    private let unwanted: Set<String>

    init(unwanted: Set<String> = []) {
        self.unwanted = unwanted
    }

    func wants(_ event: String) -> Bool { !unwanted.contains(event) }

    func emit(_ event: String, _ data: JSONObject) { entries.withLock { $0.append((event, data)) } }

    /// The events in order.
    var all: [Event] { entries.withLock { $0 } }
}

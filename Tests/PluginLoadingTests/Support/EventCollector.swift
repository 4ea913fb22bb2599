import JSON
import Locks
import ProviderKit

/// A session that keeps the events that it wants in memory.
final class EventCollector: EventSink {
    private let entries = Guarded<[(name: String, data: JSONObject)]>([])
    private let unwanted: Set<String>

    init(unwanted: Set<String> = []) {
        self.unwanted = unwanted
    }

    func wants(_ event: String) -> Bool { !unwanted.contains(event) }

    func emit(_ event: String, _ data: JSONObject) { entries.withLock { $0.append((event, data)) } }

    /// The events in order.
    var all: [(name: String, data: JSONObject)] { entries.withLock { $0 } }
}

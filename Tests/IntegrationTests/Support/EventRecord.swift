import JSON
import Locks
import ProviderKit

/// Keeps the events that a provider tells.
final class EventRecord: EventSink {
    private let record = Guarded<[(name: String, data: JSONObject)]>([])

    /// The events in their order.
    var all: [(name: String, data: JSONObject)] { record.withLock { $0 } }

    func wants(_ event: String) -> Bool { true }

    func emit(_ event: String, _ data: JSONObject) {
        record.withLock { $0.append((event, data)) }
    }
}

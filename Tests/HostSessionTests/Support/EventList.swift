import JSON
import Locks
import ProviderKit

/// Keeps the events that it is told, those of some names left out.
final class EventList: EventSink {
    private let list = Guarded<[(String, JSONObject)]>([])
    private let unwanted: Set<String>

    init(unwanted: Set<String> = []) {
        self.unwanted = unwanted
    }

    /// What was told, in order.
    var events: [(String, JSONObject)] { list.withLock { $0 } }

    func wants(_ event: String) -> Bool { !unwanted.contains(event) }

    func emit(_ event: String, _ data: JSONObject) { list.withLock { $0.append((event, data)) } }
}

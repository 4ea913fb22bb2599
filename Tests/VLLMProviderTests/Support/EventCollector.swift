import JSON
import Locks
import ProviderKit

/// A session that keeps all events in memory.
final class EventCollector: EventSink {
    struct Entry: Sendable {
        var name: String
        var data: JSONObject
    }

    private let entries = Guarded<[Entry]>([])
    private let unwanted: Set<String>

    init(unwanted: Set<String> = []) {
        self.unwanted = unwanted
    }

    func wants(_ event: String) -> Bool { !unwanted.contains(event) }

    func emit(_ event: String, _ data: JSONObject) {
        entries.withLock { $0.append(Entry(name: event, data: data)) }
    }

    /// All events in order.
    var all: [Entry] { entries.withLock { $0 } }

    /// The data of the events of a name.
    func named(_ name: String) -> [JSONObject] { all.filter { $0.name == name }.map(\.data) }

    /// Everything that was told, as text.
    var text: String { all.map { "\($0.name) \(JSONValue.object($0.data).text)" }.joined(separator: "\n") }
}

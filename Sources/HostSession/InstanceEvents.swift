import JSON
import ProviderKit

/// Where the events of one instance go: names it in those in which the provider itself does not.
struct InstanceEvents: EventSink {
    let sink: any EventSink
    let instanceID: String

    func wants(_ event: String) -> Bool { sink.wants(event) }

    func emit(_ event: String, _ data: JSONObject) {
        var data = data
        if data["instance_id"] == nil { data["instance_id"] = .string(instanceID) }
        sink.emit(event, data)
    }
}

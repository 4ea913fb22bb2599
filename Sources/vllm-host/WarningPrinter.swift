import JSON
import ProviderKit

/// Shows what a provider warns of, why it makes its user wait, and who answers in its place.
struct WarningPrinter: EventSink {
    let terminal: Terminal

    private static let events = [EventName.providerWarning, EventName.providerRetry, EventName.providerResolve]

    func wants(_ event: String) -> Bool { Self.events.contains(event) }

    func emit(_ event: String, _ data: JSONObject) {
        switch event {
        case EventName.providerRetry: complain(ofRetry: data)
        case EventName.providerResolve: tell(ofChange: data)
        default:
            guard let message = data["message"]?.string else { return }
            terminal.complain(instance(data) + "warning: \(message)")
        }
    }

    private func tell(ofChange data: JSONObject) {
        guard let provider = data["provider"]?.string, let previous = data["previous"]?.string else { return }
        if let message = data["error_message"]?.string {
            terminal.complain("\(previous) failed: \(message); asking \(provider)")
        } else if data["reason"] == "priority" {
            terminal.complain("asking \(provider) again")
        }
    }

    private func complain(ofRetry data: JSONObject) {
        guard let message = data["error_message"]?.string, let delay = data["delay"]?.double else { return }
        let seconds = (delay * 10).rounded() / 10
        let time = seconds > 0 ? "in \(seconds) s" : "now"
        terminal.complain(instance(data) + "retry \(data["attempt"]?.int ?? 1) of \(data["max_retries"]?.int ?? 1) \(time): \(message)")
    }
    /// Whose event it is, where the plan gives names.
    private func instance(_ data: JSONObject) -> String { data["instance_id"]?.string.map { "\($0): " } ?? "" }
}

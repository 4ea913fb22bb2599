import JSON
import ProviderKit

/// Shows what a provider warns of, and why it makes its user wait.
struct WarningPrinter: EventSink {
    let terminal: Terminal

    func wants(_ event: String) -> Bool { event == EventName.providerWarning || event == EventName.providerRetry }

    func emit(_ event: String, _ data: JSONObject) {
        if event == EventName.providerRetry { return complain(ofRetry: data) }
        guard let message = data["message"]?.string else { return }
        terminal.complain("warning: \(message)")
    }

    private func complain(ofRetry data: JSONObject) {
        guard let message = data["error_message"]?.string, let delay = data["delay"]?.double else { return }
        let seconds = (delay * 10).rounded() / 10
        let time = seconds > 0 ? "in \(seconds) s" : "now"
        terminal.complain("retry \(data["attempt"]?.int ?? 1) of \(data["max_retries"]?.int ?? 1) \(time): \(message)")
    }
}

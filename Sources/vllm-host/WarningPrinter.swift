import JSON
import ProviderKit

/// Shows what a provider warns of.
struct WarningPrinter: EventSink {
    let terminal: Terminal

    func wants(_ event: String) -> Bool { event == EventName.providerWarning }

    func emit(_ event: String, _ data: JSONObject) {
        guard let message = data["message"]?.string else { return }
        terminal.complain("warning: \(message)")
    }
}

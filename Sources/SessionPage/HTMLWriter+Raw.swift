import JSON
import SessionTimeline

extension HTMLWriter {
    /// Writes what was asked and what went over the wire, where the log has it.
    mutating func raw(_ call: ProviderCall) {
        if let request = call.request { folded("Request of the host", request, isOpen: false) }
        if let options = call.options, !options.isEmpty { folded("Settings in force", .object(options), isOpen: false) }
        for exchange in call.exchanges {
            element("details", .class("value")) { html in
                html.summary(Self.title(exchange), detail: Self.outcome(exchange))
                html.payload("Sent", exchange["request"])
                html.payload("Received", exchange["response"])
                if let error = exchange["error"] { html.folded("Error", error) }
            }
        }
    }

    /// Headers and body of one direction.
    private mutating func payload(_ title: String, _ message: JSONValue?) {
        guard let message else { return }
        if let headers = message["headers"] { folded("\(title): headers", headers, isOpen: false) }
        if let body = message["body"] ?? message["body_text"] ?? message["body_base64"] { folded(title, body) }
    }

    private static func title(_ exchange: JSONObject) -> String {
        "\(exchange["method"]?.string ?? "") \(exchange["path"]?.string ?? exchange["url"]?.string ?? "exchange")"
    }

    private static func outcome(_ exchange: JSONObject) -> String {
        let status = exchange["response"]?["status"]?.int.map { "HTTP \($0)" }
        let time = exchange["duration_ms"]?.double.map { FigureText.time($0 / 1000) }
        return [status, time, exchange["error"]?["code"]?.string].compactMap(\.self).joined(separator: ", ")
    }
}

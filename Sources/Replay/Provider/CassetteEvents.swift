import Configuration
import JSON
import ProviderKit
import SessionLog

/// Where the events of a provider go whose answers are recorded: to the session, as ever, and those of its calls to the cassette.
struct CassetteEvents: EventSink {
    private let cassette: Cassette
    private let session: any EventSink
    /// What the provider would not tell if it were not recorded.
    private let hiddenSuffixes: [String]

    init(_ cassette: Cassette, session: any EventSink, configuration: ConfigurationNode?) {
        self.cassette = cassette
        self.session = session
        let isDebug = configuration?["debug"]?.bool == true
        let isRaw = isDebug && configuration?["raw_debug"]?.bool == true
        hiddenSuffixes = (isDebug ? [] : [":debug"]) + (isRaw ? [] : [":raw"])
    }

    func wants(_ event: String) -> Bool { isKept(event) || isTold(event) }

    func emit(_ event: String, _ data: JSONObject) {
        if isKept(event) { cassette.collect(SessionEvent(event, data), of: data["request_id"]?.string) }
        if isTold(event) { session.emit(event, data) }
    }

    private func isTold(_ event: String) -> Bool { !hiddenSuffixes.contains(where: event.hasSuffix) && session.wants(event) }

    /// What belongs to calls; the cut texts of debug records are there whole.
    private func isKept(_ event: String) -> Bool {
        (event.hasPrefix("llm:") || event.hasPrefix("provider:")) && !event.hasSuffix(":debug")
    }
}

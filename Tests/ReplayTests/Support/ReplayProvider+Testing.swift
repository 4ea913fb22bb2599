import Configuration
import JSON
import ProviderKit
import Replay

extension ReplayProvider {
    /// A provider that replays `log`, and asks `inner` where its mode lets it.
    convenience init(
        _ log: String, _ settings: JSONObject = [:], inner: CountingProvider? = nil, events: any EventSink = NoEvents(),
        sessionID: String? = nil
    ) throws {
        var configuration: JSONObject = ["log": .string(log)]
        if inner != nil { configuration["provider"] = ["module": "provider-counting"] }
        configuration.merge(settings)
        try self.init(
            configuration: ConfigurationNode(json: .object(configuration), origin: .default),
            context: ProviderContext(events: events, sessionID: sessionID)
        ) { spec, _ in
            guard let inner else { throw ProviderError(.configuration, "nobody is to be asked: \(spec.module)") }
            return inner
        }
    }

    /// The text of the answer to a question, or the error's message.
    func says(_ question: String, options: JSONObject = [:]) async -> String {
        do { return try await complete(ChatRequest(messages: [.user(question)]), options: options).text } catch { return error.message }
    }
}

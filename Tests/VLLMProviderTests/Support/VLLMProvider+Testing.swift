import Configuration
import HTTPTransport
import JSON
import ProviderKit
import VLLMProvider
import VLLMSimulator

extension VLLMProvider {
    /// A provider of a server that a script stands for.
    convenience init(
        _ settings: JSONObject = [:], transport: any Transport, events: any EventSink = NoEvents(), sessionID: String? = nil,
        instanceID: String? = nil
    ) throws {
        var configuration: JSONObject = ["base_url": "http://server:8000", "default_model": "m"]
        configuration.merge(settings)
        try self.init(
            configuration: ConfigurationNode(json: .object(configuration), origin: .default), transport: transport,
            context: ProviderContext(events: events, instanceID: instanceID, sessionID: sessionID))
    }

    /// A provider of a simulated server, over real sockets.
    convenience init(_ settings: JSONObject = [:], of simulator: VLLMSimulator, events: any EventSink = NoEvents()) throws {
        var configuration: JSONObject = ["base_url": .string(simulator.baseURL)]
        configuration.merge(settings)
        try self.init(
            configuration: ConfigurationNode(json: .object(configuration), origin: .default), context: ProviderContext(events: events))
    }

    /// Asks one question.
    func ask(_ question: String, options: JSONObject = [:]) async throws(ProviderError) -> ChatResponse {
        try await complete(ChatRequest(messages: [.user(question)]), options: options)
    }

    /// The error of one question.
    func failure(_ question: String = "What is 2+2?", options: JSONObject = [:]) async -> ProviderError? {
        do {
            _ = try await ask(question, options: options)
            return nil
        } catch { return error }
    }
}

/// The error that `body` throws; `nil` where it throws none. (`#expect(throws:)` around an asynchronous closure with a typed error and
/// no result crashes the compiler of Swift 6.3.1.)
func thrown(_ body: () async throws(ProviderError) -> Void) async -> ProviderError? {
    do {
        try await body()
        return nil
    } catch { return error }
}

import Configuration
import HTTPTransport
import JSON
import ProviderKit
import VLLMSimulator

@testable import VLLMProvider

extension VLLMProvider {
    /// A provider of a server that a script stands for. It does not try again, unless the settings say so. Where the model is named, the script need not answer `/v1/models`: the server does
    /// not tell its models, unless `tellsModels` says that the script does it.
    convenience init(
        _ settings: JSONObject = [:], transport: any Transport, events: any EventSink = NoEvents(), sessionID: String? = nil,
        instanceID: String? = nil, tellsModels: Bool = false, clock: CallClock = .continuous
    ) throws {
        var configuration: JSONObject = ["base_url": "http://server:8000", "default_model": "m", "max_retries": 0]
        configuration.merge(settings)
        try self.init(
            configuration: ConfigurationNode(json: .object(configuration), origin: .default),
            transport: tellsModels || settings["default_model"] != nil ? transport : WithoutModels(transport: transport),
            context: ProviderContext(events: events, instanceID: instanceID, sessionID: sessionID), clock: clock)
    }

    /// A provider of a simulated server, over real sockets.
    convenience init(_ settings: JSONObject = [:], of simulator: VLLMSimulator, events: any EventSink = NoEvents()) throws {
        try self.init(settings, at: simulator.baseURL, events: events)
    }

    /// A provider of whatever is at an address, over real sockets.
    convenience init(_ settings: JSONObject = [:], at baseURL: String, events: any EventSink = NoEvents()) throws {
        var configuration: JSONObject = ["base_url": .string(baseURL), "max_retries": 0]
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

/// A server that does not tell its models: a call can do without.
private struct WithoutModels: Transport {
    let transport: any Transport

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        guard request.path == "/v1/models" else { return try await transport.send(request) }
        return try await ScriptedTransport([.json(["detail": "Not Found"], status: 404)]).send(request)
    }
}

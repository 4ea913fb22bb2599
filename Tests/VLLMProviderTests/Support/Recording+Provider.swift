import HTTPTransport
import JSON
import ProviderKit
import TestSupport
import VLLMProvider

extension Recording {
    /// The recorded answers of an endpoint that came whole: streams, or answers in one piece.
    static func whole(_ path: String, streamed: Bool) -> [String] {
        let groups = ["default", "full", "bare", "overload", "ends", "router"]
        return names { entry in
            groups.contains(entry.group) && entry.path == path && entry.status == 200 && entry.ended == "complete"
                && entry.contentType?.hasPrefix(streamed ? "text/event-stream" : "application/json") == true
        }.filter { name in
            // What streams tell as errors is no answer.
            (try? Recording(name))?.parts.contains { $0["error"] != nil } == false
        }
    }

    /// Whether the answer was streamed.
    var isStreamed: Bool { entry.contentType?.hasPrefix("text/event-stream") == true }

    /// What the server sent: the chunks of a stream, or the answer.
    var parts: [JSONValue] {
        let texts = isStreamed ? events.filter { $0 != "[DONE]" } : [response?.text ?? ""]
        return texts.compactMap { try? JSONValue(parsing: $0) }
    }

    /// What the provider makes of the answer.
    func provided(_ settings: JSONObject = [:], logprobs: Int? = 0) async throws -> ChatResponse {
        let transport = ScriptedTransport.completions(try ScriptedExchange(recording: responseBytes, batchSize: nil))
        var configuration: JSONObject = [
            "use_completions": .bool(entry.path == "/v1/completions"), "use_streaming": .bool(isStreamed), "dialect": "0.32.0",
        ]
        configuration.merge(settings)
        let options: JSONObject = logprobs.map { ["logprobs": .integer($0)] } ?? [:]
        return try await VLLMProvider(configuration, transport: transport).ask("Hi", options: options)
    }
}

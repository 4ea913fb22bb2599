import JSON
import ProviderKit
import VLLMSimulator

/// What is to be seen of one call, without what differs from call to call.
struct Account: Equatable {
    var response: JSONValue?
    var error: JSONValue?
    /// Of tool calls, names and arguments.
    var calls: [String] = []
    var events: [String] = []

    /// Makes a call and keeps account of it.
    static func of(
        _ kind: ProviderKind, _ settings: JSONObject, at simulator: VLLMSimulator, request: ChatRequest, options: JSONObject
    ) async throws -> Account {
        let collector = EventCollector()
        let provider = try kind.provider(settings, of: simulator, events: collector)
        await provider.prepare()
        var account = Account()
        do throws(ProviderError) {
            let response = try await provider.complete(request, options: options)
            account.response = steady(response.json)
            account.calls = provider.parseToolCalls(response).map { "\($0.name) \(JSONValue.object($0.arguments))" }
        } catch {
            account.error = steady(error.json)
        }
        await provider.close()
        account.events = joined(collector.all).map { "\($0.name) \(steady(.object($0.data)))" }
        return account
    }

    /// The events, with what came of a block one behind the other as one delta: how many there are is the network's business.
    private static func joined(_ events: [EventCollector.Event]) -> [EventCollector.Event] {
        var joined: [EventCollector.Event] = []
        for var event in events {
            if event.name == EventName.llmStreamBlockDelta {
                event.data["sequence"] = nil
                if let last = joined.last, last.name == event.name, last.data["block_index"] == event.data["block_index"] {
                    event.data["text"] = .string((last.data["text"]?.string ?? "") + (event.data["text"]?.string ?? ""))
                    joined.removeLast()
                }
            }
            joined.append(event)
        }
        return joined
    }

    /// Members that are another at each call.
    private static let unsteady: Set<String> = [
        "id", "request_id", "duration_ms", "time_to_first_token_ms", "delay", "response_id", "vllm:response_id", "vllm:created",
        "tool_call_id",
    ]

    private static func steady(_ value: JSONValue, at key: String = "") -> JSONValue {
        switch value {
        case .array(let elements): .array(elements.map { steady($0, at: key) })
        case .object(let members):
            .object(JSONObject(members.map { ($0.key, unsteady.contains($0.key) ? "…" : steady($0.value, at: $0.key)) }))
        case .string(let text): .string(steady(text))
        default: value
        }
    }

    /// A text that quotes a server's answer, without its id and time.
    private static func steady(_ text: String) -> String {
        text.replacing(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/, with: "…")
            .replacing(/"created\\?":[0-9]+/, with: "…")
    }
}

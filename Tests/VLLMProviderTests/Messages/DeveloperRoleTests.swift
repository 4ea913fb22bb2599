import HTTPTransport
import JSON
import ProviderKit
import Testing
import VLLMProvider

@Suite("Developer messages")
struct DeveloperRoleTests {
    private static let developer: JSONValue = ["role": "developer", "content": "d", "name": "n"]
    private static let user: JSONValue = ["role": "user", "content": "u"]

    @Test("are sent under the role that is configured, system unless it is said", arguments: ["system", "developer", "user", nil])
    func role(configured: String?) async throws {
        let settings: JSONObject = configured.map { ["developer_role": .string($0)] } ?? [:]
        let sent = try await SentMessages([Self.developer, Self.user, Self.developer], settings: settings).messages
        let expected: JSONValue = ["role": .string(configured ?? "system"), "name": "n", "content": "d"]
        #expect(sent == [expected, Self.user, expected])
    }

    @Test("as system, those beside a system message become part of it, as vLLM 0.32 joins them; others stay where they are")
    func joined() async throws {
        func text(_ role: String, _ text: String) -> JSONValue { ["role": .string(role), "content": .string(text)] }
        let sent = try await SentMessages([
            text("system", "a"), text("developer", "b"), text("system", "c"), text("user", "u"), text("system", "d"), text("system", "e"),
            text("user", "u"), text("developer", "f"),
        ]).messages
        #expect(
            sent == [
                text("system", "a\n\nb\n\nc"), text("user", "u"), text("system", "d"), text("system", "e"), text("user", "u"),
                text("system", "f"),
            ])
        let named = try await SentMessages([text("system", "a"), Self.developer]).messages
        #expect(named == [text("system", "a"), ["role": "system", "name": "n", "content": "d"]])
    }

    @Test("may be sent otherwise in one call, and in a plain prompt they stand under the same role")
    func option() async throws {
        let request = try ChatRequest(json: ["messages": [Self.developer]])
        let provider = try VLLMProvider(["prompt_format": "plain"], transport: ScriptedTransport([]))
        #expect(try provider.plannedRequests(request).first?.body?["prompt"] == "[SYSTEM]\nd\n\n[ASSISTANT]\n")
        let planned = try provider.plannedRequests(request, options: ["developer_role": "developer"])
        #expect(planned.first?.body?["prompt"] == "[DEVELOPER]\nd\n\n[ASSISTANT]\n")
        #expect(throws: ProviderError.self) { try provider.plannedRequests(request, options: ["developer_role": "boss"]) }
    }
}

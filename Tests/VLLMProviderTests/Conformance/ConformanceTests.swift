import HTTPTransport
import JSON
import ProviderKit
import TestSupport
import Testing
import VLLMProvider

/// Every field of the requests of vLLM 0.32, by the server's own OpenAPI document, has a place here.
@Suite("Conformance with vLLM's requests")
struct ConformanceTests {
    private static let endpoints = [
        ("ChatCompletionRequest", "chat", RequestFields.chat), ("CompletionRequest", "completions", RequestFields.completions),
    ]

    /// The fields of a request, in the order of the server's description.
    private static func fields(_ schema: String) throws -> [String] {
        let description = try JSONValue(parsing: fileBytes("\(Recording.folder)/openapi-0.32.0.json"))
        return try #require(description["components"]?["schemas"]?[schema]?["properties"]?.object).keys.map { $0 }
    }

    @Test("every field of the server has a place here, and no other has", arguments: endpoints)
    func complete(schema: String, endpoint: String, places: [String: FieldPlace]) throws {
        let fields = try Self.fields(schema)
        #expect(Set(fields).subtracting(places.keys) == [], "fields of the server that have no place here")
        #expect(Set(places.keys).subtracting(fields) == [], "places for fields that the server does not have")
    }

    @Test("what the table says of a field is true: set there, it is sent", arguments: endpoints)
    func sent(schema: String, endpoint: String, places: [String: FieldPlace]) throws {
        for (field, place) in places {
            let (options, request, expected): (JSONObject, JSONObject, JSONValue)
            switch place {
            case .option(let key, let value, let sends): (options, request, expected) = ([key: value], [:], sends ?? value)
            case .request(let key, let value, let sends): (options, request, expected) = ([:], [key: value], sends ?? value)
            case .extraBody(let value): (options, request, expected) = (["extra_body": [field: value]], [:], value)
            case .provider, .unused: continue
            }
            let body = try body(request, options, endpoint)
            #expect(body[field] == expected, "\(endpoint): \(field)")
        }
    }

    @Test("what the provider sets itself is in a request", arguments: ["chat", "completions"])
    func ownFields(endpoint: String) throws {
        let body = try body([:], [:], endpoint)
        #expect(body[endpoint == "chat" ? "messages" : "prompt"] != nil)
        #expect(body["stream_options"]?["include_usage"] == true)
    }

    @Test("docs/conformance.md is this table (make generated)")
    func page() throws {
        #expect(try GeneratedFile.holds(try Self.page(), path: "docs/conformance.md"))
    }

    /// The body of the request that asks the endpoint.
    private func body(_ fields: JSONObject, _ options: JSONObject, _ endpoint: String) throws -> JSONValue {
        var json: JSONObject = ["messages": [["role": "user", "content": "Hi"], ["role": "assistant", "content": "Hello"]]]
        if options["tool_choice"] != nil || options["parallel_tool_calls"] != nil { json["tools"] = [["name": "f", "parameters": [:]]] }
        json.merge(fields)
        let provider = try VLLMProvider(["use_completions": .bool(endpoint == "completions")], transport: ScriptedTransport([]))
        var options = options
        // The server refuses the one without the other.
        if options["continue_final_message"] == true { options["add_generation_prompt"] = false }
        let planned = try provider.plannedRequests(ChatRequest(json: .object(json)), options: options)
        return try #require(planned.last?.body)
    }

    private static func page() throws -> String {
        let sections = try endpoints.map { schema, endpoint, places in
            let rows = try fields(schema).map { "| `\($0)` | \(places[$0]?.text ?? "") |\n" }.joined()
            return "## `/v1/\(endpoint == "chat" ? "chat/completions" : "completions")`\n\n| field | set by |\n|---|---|\n" + rows
        }
        return """
            # Conformance

            Every field that vLLM 0.32 reads in a request, and what sets it here: a configuration key (which is a call option, too: see \
            [configuration.md](configuration.md)), a field of the host's request, or the provider itself. The list of fields is the server's own \
            OpenAPI document; a test sets each key, request field and `extra_body` member and looks at what would be sent, and fails when the server has a field that is not here.

            This page is made from that test: `make generated` writes it.


            """ + sections.joined(separator: "\n")
    }
}

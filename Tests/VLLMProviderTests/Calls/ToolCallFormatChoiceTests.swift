import HTTPTransport
import JSON
import ProviderKit
import Testing
import VLLMProvider

@Suite("How the format of tool calls is found", .timeLimit(.minutes(2)))
struct ToolCallFormatChoiceTests {
    private static let tool = ToolSpec(name: "f", parameters: ["type": "object"])

    private func ask(_ transport: ScriptedTransport, _ settings: JSONObject = [:], tools: [ToolSpec] = [tool]) async throws -> ChatResponse
    {
        try await VLLMProvider(settings, transport: transport).complete(ChatRequest(messages: [.user("Hi")], tools: tools))
    }

    @Test("the model's own template tells it, and the server sends the special tokens that markers are")
    func template() async throws {
        let prompt = "<s>[AVAILABLE_TOOLS][{}][/AVAILABLE_TOOLS][INST]Hi[/INST]"
        let transport = ScriptedTransport.completions(.completion(["[TOOL_CALLS]f{\"x\": 1}"]), promptEnding: prompt)
        let response = try await ask(transport)
        #expect(response.toolCalls?.map(\.arguments) == [["x": 1]])
        #expect(try transport.bodies("/v1/completions").first?["skip_special_tokens"] == false)
    }

    @Test("the model's name tells it where the template does not")
    func name() async throws {
        let transport = ScriptedTransport.completions(.completion(["{\"name\": \"f\", \"parameters\": {}}"]))
        let response = try await ask(transport, ["default_model": "meta-llama/Llama-3.1-8B-Instruct"])
        #expect(response.toolCalls?.map(\.name) == ["f"])
        #expect(try transport.bodies("/v1/completions").first?["skip_special_tokens"] == false)
    }

    @Test("formats without special tokens, and answers without tools, leave the request as it is")
    func untouched() async throws {
        for (settings, tools) in [
            (["tool_call_parser": "hermes"] as JSONObject, [Self.tool]), (["tool_call_parser": "mistral"], []),
            (["tool_call_parser": "none", "default_model": "mistral"], [Self.tool]),
        ] {
            let transport = ScriptedTransport.completions(.completion(["Hm."]))
            _ = try await ask(transport, settings, tools: tools)
            #expect(try transport.bodies("/v1/completions").first?["skip_special_tokens"] == nil)
        }
    }

    @Test("skip_special_tokens that is configured stays, and a list of calls is found without its marker")
    func configured() async throws {
        let transport = ScriptedTransport.completions(.completion(["[{\"name\": \"f\", \"arguments\": {}}]"]))
        let response = try await ask(transport, ["tool_call_parser": "mistral", "skip_special_tokens": true])
        #expect(response.toolCalls?.map(\.name) == ["f"])
        #expect(try transport.bodies("/v1/completions").first?["skip_special_tokens"] == true)
    }

    @Test("the server is asked once for each model and set of tools, and not at all where the format is configured")
    func kept() async throws {
        let transport = ScriptedTransport.completions(.completion(["Hm."]))
        let provider = try VLLMProvider(transport: transport)
        func ask(_ tools: [ToolSpec], options: JSONObject = [:]) async throws -> Int {
            let before = try transport.bodies("/detokenize").count
            _ = try await provider.complete(ChatRequest(messages: [.user("Hi")], tools: tools), options: options)
            return try transport.bodies("/detokenize").count - before
        }
        // How the prompt ends, and what it says of tools.
        #expect(try await ask([Self.tool]) == 2)
        #expect(try await ask([Self.tool]) == 0)
        #expect(try await ask([ToolSpec(name: "g", parameters: [:])]) == 1)
        #expect(try await ask([ToolSpec(name: "h", parameters: [:])], options: ["tool_call_parser": "hermes"]) == 0)
        #expect(try await ask([]) == 0)
    }

    @Test("a chat is read by the format of the model's name, and no prompt is looked at")
    func chat() async throws {
        let transport = ScriptedTransport.completions(.chat([["content": "[TOOL_CALLS]f[ARGS]{}"]]))
        let response = try await ask(transport, ["use_completions": false, "default_model": "mistral-small"])
        #expect(response.toolCalls?.map(\.name) == ["f"])
        #expect(try transport.bodies("/detokenize").isEmpty)
    }
}

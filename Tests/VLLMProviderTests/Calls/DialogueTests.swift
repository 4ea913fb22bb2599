import JSON
import ProviderKit
import TestSupport
import Testing
import VLLMProvider
import VLLMSimulator

@Suite("The dialogues of the tiny model, through the provider", .timeLimit(.minutes(2)))
struct DialogueTests {
    static let simulator = Result { try VLLMSimulator() }

    /// What an answer must be, whatever way it came.
    private struct Expected {
        var content: [ContentBlock]
        var finishReason: String

        init(_ answer: Dialogue.Answer) {
            content = [.thinking(ThinkingBlock(answer.thought, visibility: .internal))]
            if !answer.text.isEmpty { content.append(.text(TextBlock(answer.text))) }
            content += answer.calls.map { .toolCall(ToolCallBlock(id: "an id", name: $0.name, input: $0.arguments)) }
            finishReason = answer.calls.isEmpty ? "stop" : "tool_calls"
        }
    }

    @Test(
        "every answer has the same blocks, finish reason and usage over both endpoints, streamed and not; tool results are sent back",
        arguments: CallMode.all)
    func everyDialogue(mode: CallMode) async throws {
        let provider = try VLLMProvider(mode.settings, of: try Self.simulator.get())
        try #require(Dialogue.all.count == 67)
        try await withThrowingTaskGroup { group in
            for dialogue in Dialogue.all {
                group.addTask { try await dialogue.hold(with: provider) { Self.check($0, Expected($1), dialogue) } }
            }
            try await group.waitForAll()
        }
    }

    private static func check(_ response: ChatResponse, _ expected: Expected, _ dialogue: Dialogue) {
        #expect(response.content.map(withoutID) == expected.content, "\(dialogue)")
        #expect(response.finishReason == expected.finishReason, "\(dialogue)")
        #expect(response.degradation == nil, "\(dialogue)")
        let ids = (response.toolCalls ?? []).map(\.id)
        #expect(ids.allSatisfy { $0.count > 8 } && Set(ids).count == ids.count, "\(dialogue)")
        let usage = response.usage
        #expect((usage?.inputTokens ?? 0) > 5 && (usage?.outputTokens ?? 0) > 5, "\(dialogue)")
        #expect(usage?.totalTokens == (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0), "\(dialogue)")
    }

    /// Ids are random.
    private static func withoutID(_ block: ContentBlock) -> ContentBlock {
        guard case .toolCall(var call) = block else { return block }
        call.id = "an id"
        return .toolCall(call)
    }

    @Test("log-probabilities come in one shape over both endpoints, and their tokens join to what the model wrote", arguments: CallMode.all)
    func logprobs(mode: CallMode) async throws {
        let provider = try VLLMProvider(mode.settings, of: try Self.simulator.get())
        let response = try await provider.ask("What is the capital of France?", options: ["logprobs": 3])
        let tokens = try #require(response.logprobs)
        let raw = tokens.map(\.token).joined()
        #expect(raw.hasPrefix("<think>\nThe user asks about France. It is Paris.\n</think>\n\nThe capital of France is Paris."))
        #expect(tokens.count == response.usage?.outputTokens)
        for token in tokens {
            #expect((token.logprob ?? 1) <= 0)
            #expect(token.topLogprobs.count == 3)
            #expect(token.topLogprobs.contains { $0.token == token.token && $0.logprob == token.logprob })
        }
    }

    @Test("without being asked for, there are no log-probabilities", arguments: CallMode.all)
    func noLogprobs(mode: CallMode) async throws {
        let response = try await VLLMProvider(mode.settings, of: try Self.simulator.get()).ask("Hi")
        #expect(response.logprobs == nil)
    }

    @Test("what is streamed joins to the blocks that are gathered", arguments: CallMode.all)
    func deltasJoin(mode: CallMode) async throws {
        let provider = try VLLMProvider(mode.settings, of: try Self.simulator.get())
        let request = ChatRequest(
            messages: [.user("Explain, then check the weather in Rome.")], tools: Dialogue.tools.map(ToolSpec.init(openAI:)))
        var texts: [Int: String] = [:]
        var blocks: [ContentBlock] = []
        for try await event in provider.stream(request) {
            switch event {
            case .blockStarted(let start): #expect(start.index == texts.count)
            case .blockDelta(let index, let text): texts[index, default: ""] += text
            case .blockEnded(let index, let block):
                #expect(index == blocks.count)
                blocks.append(block)
            default: break
            }
            if case .blockStarted(let start) = event { texts[start.index] = "" }
        }
        #expect(blocks.map(\.text) == [nil, "Let me check the weather in Rome.", nil])
        #expect(texts[0] == "I need a tool for this.")
        #expect(texts[1] == "Let me check the weather in Rome.")
        let arguments = try JSONValue(parsing: texts[2] ?? "")
        #expect(arguments == ["location": "Rome"])
        #expect(blocks.last?.toolCall?.arguments == ["location": "Rome"])
    }

    @Test("an answer that the token limit cuts says so and keeps what came", arguments: CallMode.all)
    func length(mode: CallMode) async throws {
        let provider = try VLLMProvider(mode.settings, of: try Self.simulator.get())
        let response = try await provider.ask("Tell me a long story.", options: ["max_tokens": 30])
        #expect(response.finishReason == "length")
        #expect(response.thinking == "A long story about a server.")
        #expect(response.text.hasPrefix("Once upon a time"))
        #expect(response.usage?.outputTokens == 30)
    }

    @Test("a stop text ends the answer and is told in the metadata", arguments: CallMode.all)
    func stopText(mode: CallMode) async throws {
        let provider = try VLLMProvider(mode.settings, of: try Self.simulator.get())
        let response = try await provider.ask("Count from 1 to 40.", options: ["stop": [", 5"]])
        #expect(response.text == "1, 2, 3, 4")
        #expect(response.finishReason == "stop")
        #expect(response.metadata?["vllm:stop_reason"] == ", 5")
    }

    @Test("several answers are told apart by their choice", arguments: CallMode.all)
    func severalChoices(mode: CallMode) async throws {
        let provider = try VLLMProvider(mode.settings, of: try Self.simulator.get())
        let response = try await provider.ask("Flip a coin.", options: ["n": 3, "temperature": 1, "seed": 1])
        let answers = response.content.compactMap { if case .text(let block) = $0 { block } else { nil } }
        let choices = Set(answers.map { $0.additional["choice"]?.int ?? 0 })
        #expect(choices == [0, 1, 2])
        #expect(answers.allSatisfy { ["Heads", "Tails"].contains($0.text) })
        let reasons = response.metadata?["vllm:choices"]?.array?.map { $0["finish_reason"] }
        #expect(reasons == ["stop", "stop", "stop"])
    }
}

import HTTPTransport
import JSON
import TestSupport
import Testing
import VLLMClient
import VLLMSimulator

extension RealServer {
    @Suite("The simulator answers as the real server does now")
    struct SimulatorTests {
        @Test("what recordings asked: fields, limits, log-probabilities, tools, constraints and errors of all calls")
        func recordings() async throws {
            // The head of an answer to HEAD is all there is of it, which the simulator's own tests compare.
            let recordings = try Recording.simulated(group: "default").map { try Recording($0) }.filter { $0.entry.method != "HEAD" }
            #expect(recordings.count > 180)
            try await compare(recordings.map(ComparedRequest.init))
        }

        @Test("every answer of every dialogue, token by token", arguments: [false, true])
        func chat(stream: Bool) async throws {
            let questions = Dialogue.all.flatMap { TaughtQuestion.all(in: $0) }
            #expect(questions.count == 87)
            try await compare(questions.map { $0.chat(stream: stream) }, atOnce: stream ? 1 : 8)
        }

        @Test("the prompts of all dialogues, token by token, and their completions", arguments: [false, true])
        func completions(stream: Bool) async throws {
            let questions = Dialogue.all.flatMap { TaughtQuestion.all(in: $0) }
            try await compare(questions.map(\.tokenization), atOnce: 8)
            let client = try RealServer.client
            var requests: [ComparedRequest] = []
            for question in questions {
                let tokens = try await client.tokenize(question.tokenizeRequest).tokens
                requests.append(question.completion(of: tokens, stream: stream))
            }
            try await compare(requests, atOnce: stream ? 1 : 8)
        }

        @Test("messages of every role and of several, with content in parts")
        func messages() async throws {
            let user: JSONValue = ["role": "user", "content": "Hi"]
            let system: JSONValue = ["role": "system", "content": [["type": "text", "text": "A"], ["type": "text", "text": "B"]]]
            let developer: JSONValue = ["role": "developer", "content": "D"]
            let call: JSONValue = ["id": "c", "type": "function", "function": ["name": "f", "arguments": "{bad"]]
            let conversations: [JSONValue] = [
                [system, developer, user], [developer, user], [user, system, user, developer], [system, user, system],
                [user, ["role": "developer", "content": ""]], [user, ["role": "function", "name": "f", "content": "22"], ["role": "odd"]],
                [
                    user, ["role": "assistant", "content": .null, "reasoning": "r", "tool_calls": [call]],
                    ["role": "tool", "tool_call_id": "c", "content": [["type": "text", "text": "x"], ["type": "text", "text": "y"]]],
                ],
            ]
            try await compare(
                conversations.enumerated().map { index, messages in
                    ComparedRequest("messages \(index)", "/tokenize", ["model": "tiny-chat", "messages": messages])
                })
        }

        /// Asks both. Streams and alternatives of tokens are asked for one after the other: side by side, the real server puts several
        /// tokens into one event and loses alternatives.
        private func compare(_ requests: [ComparedRequest], atOnce limit: Int = 1) async throws {
            let models = try await RealServer.client.models().models.map(\.id)
            let simulator = try VLLMSimulator(options: VLLMSimulator.Options(models: models))
            let url = try RealServer.client.baseURL.root
            try await forEach(requests, atOnce: limit) { request in
                let simulated = try await ComparedAnswer(request, of: simulator.baseURL)
                var difference = simulated.difference(from: try await ComparedAnswer(request, of: url))
                // A machine that is busy with something else has the same effect: then the server is asked again.
                for _ in 0..<8 where difference != nil {
                    difference = simulated.difference(from: try await ComparedAnswer(request, of: url))
                }
                #expect(difference == nil, "\(request)")
            }
        }
    }
}

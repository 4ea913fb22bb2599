public import ProviderKit

extension Dialogue {
    /// A tool was not called that the dialogue has a result for.
    public struct MissingCall: Error, CustomStringConvertible {
        /// The dialogue.
        public let description: String
    }

    /// Leads the dialogue from its beginning, sending back what the model really said and the results that it was taught with.
    /// - Parameter check: is given each answer, and what it should be.
    public func hold(with provider: any Provider, check: (ChatResponse, Answer) -> Void) async throws {
        var messages = system.map { [Message.system($0)] } ?? []
        let tools = offersTools ? Self.tools.map(ToolSpec.init(openAI:)) : nil
        var calls: ArraySlice<ToolCall> = []
        for turn in turns {
            switch turn {
            case .user(let text):
                messages.append(.user(text))
            case .tool(let result):
                guard let call = calls.popFirst() else { throw MissingCall(description: "\(self): a tool was not called") }
                messages.append(Message(role: .tool, content: .text(result), name: call.name, toolCallID: call.id))
            case .assistant(let taught):
                let response = try await provider.complete(ChatRequest(messages: messages, tools: tools))
                check(response, taught)
                calls = provider.parseToolCalls(response)[...]
                messages.append(Message(role: .assistant, content: .blocks(response.content), metadata: response.metadata))
            }
        }
    }
}

import JSON
import Measuring
import VLLMClient

extension Conversation {
    /// The conversation as a request to `/v1/chat/completions`.
    func chatRequest(model: String) -> ChatCompletionRequest {
        var request = ChatCompletionRequest(
            model: model, messages: messages.map { ["role": .string($0.role), "content": .string($0.text)] })
        request.tools = tools.map { name in
            let function: JSONObject = [
                "name": .string(name), "description": "Looks something up.",
                "parameters": ["type": "object", "properties": ["query": ["type": "string"]], "required": ["query"]],
            ]
            return ["type": "function", "function": .object(function)]
        }
        return request
    }

    /// Its last message as a request to `/v1/completions`.
    func completionRequest(model: String) -> CompletionRequest {
        CompletionRequest(model: model, prompt: .text(messages.last?.text ?? ""))
    }
}

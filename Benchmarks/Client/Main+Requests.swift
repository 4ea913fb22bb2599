import HTTPTransport
import Measuring
import VLLMClient

extension Main {
    /// Asks for answers in one piece.
    static func requests(_ run: RequestRun) async throws {
        let transport = CurlTransport()
        let client = VLLMClient(baseURL: try BaseURL(run.url), transport: transport)
        let request = run.conversation.chatRequest(model: run.model)
        try await run.run(on: transport.executor) {
            let completion = try await client.chatCompletion(request)
            guard completion.choices.first?.message.content?.isEmpty == false else { stop("an answer without text") }
        }
    }
}

import HTTPTransport
public import JSON
public import ProviderKit
import VLLMClient

/// A request that a call would send: what `--dry-run` shows.
public struct PlannedRequest: Sendable, Hashable {
    /// The method.
    public var method: String
    /// The URL.
    public var url: String
    /// The header fields in order; the API key is masked.
    public var headers: [Header]
    /// The body; `nil` for none.
    public var body: JSONValue?
    /// What is done with the answer, where it is not the last request: the member of this one's answer that the next one's `prompt` is.
    public var feeds: String?
    /// What the transport was told, as options of curl(1): time limits, certificates, proxy.
    public var curlOptions: [String]

    /// A header field.
    public struct Header: Sendable, Hashable {
        /// The field's name.
        public var name: String
        /// Its value.
        public var value: String
    }
}

extension VLLMProvider {
    /// The requests that a call would send, in order, without sending anything.
    ///
    /// A completion's prompt is rendered by the server, so there are two of them, and the second one's `prompt` stands for the
    /// token ids that the first one gives.
    /// - Throws: `ProviderError` with the code `invalidRequest`, when the call would not get as far.
    public func plannedRequests(_ request: ChatRequest, options: JSONObject = [:]) throws(ProviderError) -> [PlannedRequest] {
        let options = CallOptions.options(options, of: request)
        let core = core.serving(request, options: options)
        let generation = try GenerationOptions(request, options: options, settings: core.settings)
        var plan = try CallPlan(request, options: generation)
        try plan.speak(plan.dialect)
        let streams = generation.streams
        do throws(VLLMError) {
            switch plan.endpoint {
            case .chat:
                let body = try plan.chatRequest(model: generation.model).json(streaming: streams)
                return [try planned(core, generation.limits, ChatCompletionRequest.path, body, streaming: streams)]
            case .completions where generation.promptFormat == .plain:
                let prompt = PromptRenderer.Prompt(prompt: .text(PlainPrompt.render(plan.conversation)))
                let body = try plan.completionRequest(model: generation.model, prompt: prompt).json(streaming: streams)
                return [try planned(core, generation.limits, CompletionRequest.path, body, streaming: streams)]
            case .completions:
                let rendering = PromptRenderer.request(plan, model: generation.model).json
                var first = try planned(core, generation.limits, TokenizeRequest.path, rendering)
                first.feeds = "tokens"
                let prompt = PromptRenderer.Prompt(prompt: .tokens([]))
                let body = try plan.completionRequest(model: generation.model, prompt: prompt).json(streaming: streams)
                return [first, try planned(core, generation.limits, CompletionRequest.path, body, streaming: streams)]
            }
        } catch {
            throw ProviderError(error, settings: core.settings, limits: generation.limits)
        }
    }

    private func planned(
        _ core: VLLMCore, _ limits: TimeLimits, _ path: String, _ body: JSONObject, streaming: Bool = false
    ) throws(VLLMError) -> PlannedRequest {
        let request = try core.client().httpRequest(path: path, json: body, streaming: streaming)
        var headers = request.headers.map { name, value in
            PlannedRequest.Header(name: name, value: core.masked(name: name, value: value))
        }
        // A key that is not read before the first request.
        if core.settings.apiKey.source != nil, request.headers["Authorization"] == nil {
            headers.append(PlannedRequest.Header(name: "Authorization", value: core.masked(name: "Authorization", value: "Bearer")))
        }
        return PlannedRequest(
            method: request.method, url: request.url, headers: headers, body: core.masked(body),
            curlOptions: core.settings.curlOptions(limits))
    }
}

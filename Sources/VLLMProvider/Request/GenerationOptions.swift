import Configuration
import JSON
import ProviderKit
import VLLMClient

/// How one answer is to be generated: what the request says, then the call's options, then the configuration.
struct GenerationOptions {
    /// The settings that go to the server as they are, under their keys in the configuration.
    static let keys = [
        "max_tokens", "temperature", "top_p", "top_k", "min_p", "seed", "n", "stop", "presence_penalty", "frequency_penalty",
        "repetition_penalty", "logprobs", "reasoning_effort", "chat_template_kwargs", "extra_body",
    ]
    var sampling = SamplingParameters()
    var logprobs: Int?
    var reasoningEffort: String?
    var template = ChatTemplateOptions()
    var toolChoice: ServerToolChoice?
    var extraBody: JSONObject = [:]
    var model: String?
    var usesCompletions: Bool
    var streams: Bool
    var promptFormat: VLLMSettings.PromptFormat
    var timeout: Duration

    /// - Throws: `ProviderError` with the code `invalidRequest` that names the option that is wrong.
    init(_ request: ChatRequest, options: JSONObject, settings: VLLMSettings) throws(ProviderError) {
        var given = options
        given.merge(Self.fields(of: request))
        let call = try CallOptions.resolve(given)
        func value(_ key: String) -> JSONValue? { call[key] ?? settings.generation[key] }
        sampling.maxTokens = value("max_tokens")?.int
        sampling.temperature = value("temperature")?.double
        sampling.topP = value("top_p")?.double
        sampling.topK = value("top_k")?.int
        sampling.minP = value("min_p")?.double
        sampling.seed = value("seed")?.int
        sampling.n = value("n")?.int
        sampling.stop = value("stop")?.array?.compactMap(\.string)
        sampling.presencePenalty = value("presence_penalty")?.double
        sampling.frequencyPenalty = value("frequency_penalty")?.double
        sampling.repetitionPenalty = value("repetition_penalty")?.double
        sampling.responseFormat = request.responseFormat.flatMap(Self.responseFormat)
        logprobs = value("logprobs")?.int
        reasoningEffort = value("reasoning_effort")?.string
        template.chatTemplateKwargs = value("chat_template_kwargs")?.object
        extraBody = value("extra_body")?.object ?? [:]
        model = call.string("model") ?? settings.defaultModel
        usesCompletions = call.bool("use_completions") ?? settings.usesCompletions
        streams = (call.bool("use_streaming") ?? settings.streams) && request.metadata?["stream"] != false
        promptFormat = call.string("prompt_format").flatMap(VLLMSettings.PromptFormat.init(rawValue:)) ?? settings.promptFormat
        timeout = call.duration("timeout") ?? settings.timeout
        toolChoice = try call["tool_choice"].map { json throws(ProviderError) in try Self.toolChoice(json) }
    }

    private static func fields(of request: ChatRequest) -> JSONObject {
        var fields: JSONObject = [:]
        fields["model"] = request.model.map { .string($0) }
        fields["temperature"] = request.temperature.map { .double($0) }
        fields["top_p"] = request.topP.map { .double($0) }
        fields["max_tokens"] = request.maxOutputTokens.map { .integer($0) }
        fields["stop"] = request.stop.map { .array($0.map { .string($0) }) }
        fields["reasoning_effort"] = request.reasoningEffort.map { .string($0) }
        fields["timeout"] = request.timeout.map { .double($0) }
        fields["use_streaming"] = request.stream.map { .bool($0) }
        fields["tool_choice"] = request.toolChoice
        return fields
    }

    private static func toolChoice(_ json: JSONValue) throws(ProviderError) -> ServerToolChoice {
        switch json {
        case "auto": return .auto
        case "none": return .none
        case "required": return .required
        case .string(let name): return .function(name)
        default:
            if let name = (json["function"]?["name"] ?? json["name"])?.string { return .function(name) }
            throw ProviderError(
                .invalidRequest, "tool_choice names no tool: \(json.text)", hint: "write auto, none, required or a tool's name")
        }
    }

    private static func responseFormat(_ format: ProviderKit.ResponseFormat) -> ServerResponseFormat? {
        switch format {
        case .text: nil
        case .json: .jsonObject
        case .jsonSchema(let schema, let strict):
            .jsonSchema(name: schema["title"]?.string ?? "answer", schema: .object(schema), strict: strict)
        }
    }
}

import JSON
import ProviderKit
import VLLMClient

/// How one answer is to be generated: what the request says, then the call's options, then the configuration.
struct GenerationOptions {
    /// The keys that the configuration, and the options of a call, may set.
    static let keys = [
        "max_tokens", "temperature", "top_p", "top_k", "min_p", "seed", "n", "stop", "presence_penalty", "frequency_penalty",
        "repetition_penalty", "logprobs", "reasoning_effort", "chat_template_kwargs", "extra_body",
    ]
    /// Further keys that the options of a call may set.
    static let callKeys = ["model", "use_completions", "use_streaming", "prompt_format", "timeout", "tool_choice"]

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
        var merged = settings.generation
        for (key, value) in options where !value.isNull {
            guard Self.keys.contains(key) || Self.callKeys.contains(key) else {
                throw ProviderError(
                    .invalidRequest, "there is no call option \"\(key)\"",
                    hint: "the options are \((Self.keys + Self.callKeys).joined(separator: ", "))")
            }
            merged[key] = value
        }
        merged.merge(Self.fields(of: request))
        let values = OptionReader(merged)
        sampling.maxTokens = try values.int("max_tokens")
        sampling.temperature = try values.double("temperature")
        sampling.topP = try values.double("top_p")
        sampling.topK = try values.int("top_k")
        sampling.minP = try values.double("min_p")
        sampling.seed = try values.int("seed")
        sampling.n = try values.int("n")
        sampling.stop = try values.strings("stop")
        sampling.presencePenalty = try values.double("presence_penalty")
        sampling.frequencyPenalty = try values.double("frequency_penalty")
        sampling.repetitionPenalty = try values.double("repetition_penalty")
        logprobs = try values.int("logprobs")
        reasoningEffort = try values.string("reasoning_effort")
        template.chatTemplateKwargs = try values.object("chat_template_kwargs")
        extraBody = try values.object("extra_body") ?? [:]
        model = try values.string("model") ?? settings.defaultModel
        usesCompletions = try values.bool("use_completions") ?? settings.usesCompletions
        let streams = try values.bool("use_streaming") ?? settings.streams
        self.streams = streams && request.metadata?["stream"] != false
        promptFormat = try values.string("prompt_format").flatMap(VLLMSettings.PromptFormat.init(rawValue:)) ?? settings.promptFormat
        timeout = try values.double("timeout").map { .seconds($0) } ?? settings.timeout
        toolChoice = try merged["tool_choice"].map { json throws(ProviderError) in try Self.toolChoice(json) }
        sampling.responseFormat = request.responseFormat.flatMap(Self.responseFormat)
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

/// Reads call options as what they must be.
private struct OptionReader {
    private let options: JSONObject

    init(_ options: JSONObject) {
        self.options = options
    }

    func int(_ key: String) throws(ProviderError) -> Int? { try read(key, "a whole number", \.int) }
    func double(_ key: String) throws(ProviderError) -> Double? { try read(key, "a number", \.double) }
    func string(_ key: String) throws(ProviderError) -> String? { try read(key, "a text", \.string) }
    func bool(_ key: String) throws(ProviderError) -> Bool? { try read(key, "true or false", \.bool) }
    func object(_ key: String) throws(ProviderError) -> JSONObject? { try read(key, "an object", \.object) }
    func strings(_ key: String) throws(ProviderError) -> [String]? {
        if let text = options[key]?.string { return [text] }
        return try read(key, "a list of texts") { json in
            let texts = json.array?.compactMap(\.string)
            return texts?.count == json.array?.count ? texts : nil
        }
    }

    private func read<Value>(_ key: String, _ what: String, _ read: (JSONValue) -> Value?) throws(ProviderError) -> Value? {
        guard let json = options[key], !json.isNull else { return nil }
        guard let value = read(json) else {
            throw ProviderError(.invalidRequest, "\(key): expected \(what), found \(json.text)")
        }
        return value
    }
}

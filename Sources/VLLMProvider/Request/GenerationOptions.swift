import Configuration
import JSON
import ProviderKit
import VLLMClient

/// How one answer is to be generated: what the request says, then the call's options, then the configuration.
struct GenerationOptions {
    /// Which tokens are generated, and the shape that the answer must have.
    var sampling: SamplingParameters
    /// How many alternatives are told with each token's log-probability; `nil` tells nothing.
    var logprobs: Int?
    /// The `guided_*` option that the answer's shape is from.
    var olderConstraint: String?
    /// How messages become a prompt.
    var template: ChatTemplateOptions
    /// Which of the options only a chat template heeds, by their keys.
    var templateKeys: [String]
    var reasoningEffort: String?
    var includesReasoning: Bool?
    var documents: [JSONObject]?
    var toolChoice: ServerToolChoice?
    /// The call itself says `toolChoice`; a configured one holds for calls with tools.
    var isToolChoiceOfCall: Bool
    var callsToolsInParallel: Bool?
    var echoes: Bool?
    var suffix: String?
    /// How the answer's text is read.
    var markup: MarkupOptions
    /// How the request is handled, and what is told beside the answer.
    var handling: RequestOptions
    var extraBody: JSONObject
    var model: String?
    var usesCompletions: Bool
    var streams: Bool
    var promptFormat: VLLMSettings.PromptFormat
    /// The call itself says `promptFormat`; a configured one holds for calls over completions.
    var isPromptFormatOfCall: Bool
    var developerRole: VLLMSettings.DeveloperRole
    var limits: TimeLimits
    var retries: RetryPolicy
    var dialect: DialectSetting
    /// How often at most an answer goes on that its length has cut.
    var continuation: Int
    /// What cannot be done as asked at any endpoint.
    var degradations: [Degradation] = []

    /// The options of a call.
    /// - Parameter options: what `CallOptions.options(_:of:)` gives.
    /// - Throws: `ProviderError` with the code `invalidRequest` that names the option that is wrong.
    init(_ request: ChatRequest, options: JSONObject, settings: VLLMSettings) throws(ProviderError) {
        let given = try CallOptions.resolve(options)
        let fields = try CallOptions.resolve(Self.fields(of: request))
        do throws(OptionProblem) {
            let call = OptionReader.merging(fields, over: try ExtraBody.lifting(given, dialect: settings.dialect))
            if call.isEmpty, let unchanged = settings.unchanged {
                self = unchanged.options
            } else {
                try self.init(OptionReader(call: call, configured: settings.generation), settings: settings)
            }
            try Self.checkRequestID(request.metadata?["request_id"], key: "metadata.request_id")
        } catch {
            throw error.error
        }
        degradations = CallOptions.degradations(of: request)
        if request.metadata?["stream"] == false { streams = false }
        leaveOutStreaming()
    }

    /// The options as they are given.
    init(_ options: OptionReader, settings: VLLMSettings) throws(OptionProblem) {
        let shape = try AnswerShape(options)
        sampling = try SamplingParameters(options)
        sampling.responseFormat = shape.responseFormat
        sampling.structuredOutputs = shape.structuredOutputs
        olderConstraint = shape.olderKey
        logprobs = try LogprobCount.read(options)
        template = try ChatTemplateOptions(options)
        templateKeys = Self.templateKeys.filter { options[$0] != nil }
        reasoningEffort = options.string("reasoning_effort")
        includesReasoning = options.bool("include_reasoning")
        documents = try Self.documents(options.objects("documents"))
        toolChoice = try options["tool_choice"].map { json throws(OptionProblem) in try ServerToolChoice.option(json) }
        isToolChoiceOfCall = options.call["tool_choice"] != nil
        callsToolsInParallel = options.bool("parallel_tool_calls")
        echoes = options.bool("echo")
        suffix = options.string("suffix")
        markup = MarkupOptions(options)
        handling = RequestOptions(options)
        extraBody = options.merged("extra_body") ?? [:]
        model = options.string("model") ?? settings.defaultModel
        usesCompletions = options.bool("use_completions") ?? settings.usesCompletions
        streams = options.bool("use_streaming") ?? settings.streams
        promptFormat = options.string("prompt_format").flatMap(VLLMSettings.PromptFormat.init(rawValue:)) ?? settings.promptFormat
        isPromptFormatOfCall = options.call["prompt_format"] != nil
        developerRole =
            options.string("developer_role").flatMap(VLLMSettings.DeveloperRole.init(rawValue:)) ?? settings.developerRole
        limits = TimeLimits(options, configured: settings.limits)
        retries = try RetryPolicy(options, configured: settings.retries)
        dialect = settings.dialect
        try HeaderText.check(options.call["headers"]?.object ?? [:])
        continuation = options.int("continuation") ?? (options.bool("continuation") == true ? Self.defaultContinuation : 0)
        try Self.checkRequestID(options["request_id"], key: "request_id")
    }

    /// The rounds of `continuation: true`, as many as Amplifier's own provider has.
    private static let defaultContinuation = 5

    /// The answer is to have a shape.
    var hasShape: Bool { sampling.responseFormat != nil || sampling.structuredOutputs != nil }

    /// Options that a prompt without a chat template has no use for.
    private static let templateKeys = [
        "add_generation_prompt", "continue_final_message", "chat_template", "chat_template_kwargs", "enable_thinking", "documents",
        "media_io_kwargs", "mm_processor_kwargs", "reasoning_effort",
    ]

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
        fields["response_format"] = request.responseFormat?.json
        return fields
    }

    /// vLLM tells log-probabilities of the prompt only with an answer in one piece (0.32: 400 `prompt_logprobs are not available when
    /// stream=True`, and for 0, which asks for the prompt's own tokens alone, a stream that tells none).
    private mutating func leaveOutStreaming() {
        guard streams, sampling.promptLogprobs != nil else { return }
        streams = false
        degradations.append(
            Degradation(
                requested: "use_streaming: true", actual: "use_streaming: false",
                reason: "the server tells prompt_logprobs only with an answer in one piece"))
    }

    /// The server refuses documents with other values than texts over chat, and knows nothing of documents over completions (vLLM 0.32).
    private static func documents(_ documents: [JSONObject]?) throws(OptionProblem) -> [JSONObject]? {
        for (index, document) in (documents ?? []).enumerated() {
            guard let (key, value) = document.first(where: { $0.value.string == nil }) else { continue }
            throw OptionProblem("documents[\(index)].\(key)", "expected a text, found \(value.text)")
        }
        return documents
    }

    private static func checkRequestID(_ id: JSONValue?, key: String) throws(OptionProblem) {
        guard let id, !id.isNull else { return }
        guard let text = id.string else { throw OptionProblem(key, "expected a text, found \(id.text)") }
        guard !HeaderText.isVisible(text) else { return }
        throw OptionProblem(key, "it holds white space or a character outside ASCII: no header field can hold it")
    }
}

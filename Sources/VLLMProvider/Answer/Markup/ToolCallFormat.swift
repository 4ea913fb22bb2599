/// How a model writes its tool calls into its text: vLLM's names of the parsers that read them.
enum ToolCallFormat: String, CaseIterable {
    /// `<tool_call>{"name": …, "arguments": {…}}</tool_call>`: Hermes, Qwen 2.5 and 3, and many others.
    case hermes
    /// `{"name": …, "parameters": {…}}`, several separated by `;`, perhaps behind `<|python_tag|>`: Llama 3.
    case llama3JSON = "llama3_json"
    /// `[TOOL_CALLS][{"name": …, "arguments": {…}}, …]`, or since version 11 of the tokenizer `[TOOL_CALLS]name[ARGS]{…}`: Mistral.
    case mistral
    /// `<tool_call><function=name><parameter=key>value</parameter></function></tool_call>`: Qwen3-Coder.
    case qwen3Coder = "qwen3_coder"

    /// Whether the markup holds special tokens, which a server leaves out of a completion's text unless it is told otherwise.
    var hasSpecialTokens: Bool { self == .llama3JSON || self == .mistral }

    /// The format that a rendered prompt asks the model for; `nil` for one that does not say.
    ///
    /// The turns' own markers count first: they are the template's, while a conversation may speak of any format.
    init?(prompt: String) {
        let usesChatML = prompt.contains("<|im_start|>")
        if prompt.contains("[AVAILABLE_TOOLS]") && prompt.contains("[INST]") && !usesChatML {
            self = .mistral
        } else if prompt.contains("<tool_call>\n<function=") {
            self = .qwen3Coder
        } else if prompt.contains("<tool_call>") {
            self = .hermes
        } else if prompt.contains("<|start_header_id|>") {
            self = .llama3JSON
        } else {
            return nil
        }
    }

    /// The format that a model of this name is likely to write.
    init(modelName: String) {
        let name = modelName.lowercased()
        func isOne(of families: String...) -> Bool { families.contains { name.contains($0) } }
        if isOne(of: "hermes") {
            self = .hermes
        } else if isOne(of: "qwen3-coder", "qwen3_coder", "qwen3.5", "qwen3.6") {
            self = .qwen3Coder
        } else if isOne(of: "mistral", "mixtral", "ministral", "devstral", "magistral") {
            self = .mistral
        } else if isOne(of: "llama-3", "llama3", "llama_3") {
            self = .llama3JSON
        } else {
            self = .hermes
        }
    }
}

/// How tool calls are looked for in a model's text: the values of `tool_call_parser`.
enum ToolCallParser: Hashable {
    /// In the format that the model's template shows, or else its name.
    case auto
    /// Not at all: markup is text.
    case none
    case format(ToolCallFormat)

    /// All values, as the configuration spells them.
    static let names = ["auto"] + ToolCallFormat.allCases.map(\.rawValue) + ["none"]

    /// - Parameter name: one of `names`; anything else is `auto`.
    init(_ name: String?) {
        self = name == "none" ? .none : name.flatMap(ToolCallFormat.init(rawValue:)).map { .format($0) } ?? .auto
    }
}

/// What `<think>` and `</think>` in a text are: the values of `thinking_markup`.
enum ThinkingMarkup: String, CaseIterable {
    /// Reasoning, where it opens; a `</think>` alone is text, unless the prompt is known to have ended inside the reasoning.
    case auto
    /// Reasoning; the answer begins inside.
    case open
    /// Text.
    case none
}

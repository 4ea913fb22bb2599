import Testing

@testable import VLLMProvider

@Suite("The format of a model's tool calls")
struct ToolCallFormatTests {
    @Test(
        "a rendered prompt tells its template's format",
        arguments: [
            ("<|im_start|>system\nreturn … within <tool_call></tool_call> XML tags:\n<tool_call>\n{\"name\": …}", ToolCallFormat.hermes),
            ("<|im_start|>system\n<tool_call>\n<function=example_function_name>\n<parameter=example_parameter_1>", .qwen3Coder),
            ("<s>[AVAILABLE_TOOLS] [{\"type\": \"function\"}][/AVAILABLE_TOOLS][INST] Hi [/INST]", .mistral),
            ("<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nEnvironment: ipython\n", .llama3JSON),
            ("<|im_start|>user\nWhat is [AVAILABLE_TOOLS] in [INST]? <tool_call>", .hermes), ("<|im_start|>user\nHi", nil), ("", nil),
        ])
    func prompts(prompt: String, format: ToolCallFormat?) {
        #expect(ToolCallFormat(prompt: prompt) == format)
    }

    @Test(
        "where the prompt does not tell, the model's name does",
        arguments: [
            ("Qwen/Qwen3-8B", ToolCallFormat.hermes), ("Qwen/Qwen3-Coder-30B-A3B-Instruct", .qwen3Coder),
            ("meta-llama/Llama-3.1-8B-Instruct", .llama3JSON), ("NousResearch/Hermes-3-Llama-3.1-8B", .hermes),
            ("mistralai/Mistral-Small-3.2-24B-Instruct-2506", .mistral), ("mistralai/Devstral-Small-2505", .mistral),
            ("tiny-chat", .hermes),
        ])
    func names(name: String, format: ToolCallFormat) {
        #expect(ToolCallFormat(modelName: name) == format)
    }
}

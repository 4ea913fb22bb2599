import Configuration
import JSON

extension VLLMProvider {
    /// By what the server knows its callers: at most one of the three is set.
    static let credentialFields = [
        ConfigurationField(
            "api_key", .secret, default: "EMPTY", environmentVariable: "VLLM_API_KEY", rivals: ["api_key_file", "api_key_command"],
            documentation: "The key that the server was started with (--api-key)."),
        ConfigurationField(
            "api_key_file", .string, rivals: ["api_key", "api_key_command"],
            documentation: "A file that holds the key and nothing else; ~/ is the home folder. It is read when the first request is sent, "
                + "and again when the server refuses the key (401)."),
        ConfigurationField(
            "api_key_command", .oneOf([.string, .stringList]), rivals: ["api_key", "api_key_file"],
            documentation: "A command that prints the key on its first line: a list is a program and its arguments, a text is given to "
                + "/bin/sh. It is run when the first request is sent, and again when the server refuses the key (401)."),
    ]
}

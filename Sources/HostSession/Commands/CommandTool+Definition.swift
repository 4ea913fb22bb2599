public import Configuration
public import JSON

extension CommandTool {
    /// The module's name in mount plans.
    public static let moduleName = "tool-command"

    /// What a definition may hold: the configuration of the module, and the members of a tool's file.
    public static let schema = ConfigurationSchema(
        name: moduleName,
        fields: [
            ConfigurationField(
                "name", .string, requiredMessage: "the tool has no name", documentation: "The tool's name, by which the model calls it."),
            ConfigurationField("description", .string, documentation: "What the tool does, for the model."),
            ConfigurationField(
                "parameters", .object, default: ["type": "object", "properties": [:]], documentation: "The JSON Schema of the arguments."),
            ConfigurationField(
                "command", .stringList, requiredMessage: "the tool has no command",
                documentation: "The program and its arguments; no shell reads them. The call's arguments are JSON on its standard input, "
                    + "its standard output is the result."),
            ConfigurationField(
                "timeout", .seconds, default: 60.0, range: .between(0.001, 31_536_000), documentation: "How long one call may take."),
        ])

    /// A tool from a file of its own: `{"name", "description", "parameters", "command", "timeout"}`, or a tool of OpenAI's APIs,
    /// `{"type": "function", "function": {…}}` or `{"type": "function", "name", …}`, with `command` and `timeout` beside it.
    /// - Parameter file: the file's name, for messages.
    /// - Throws: `ConfigurationError` with everything that is wrong.
    public init(definition: JSONValue, file: String) throws(ConfigurationError) {
        var members = definition.object
        if let function = definition["function"]?.object {
            members?["function"] = nil
            members?.merge(function)
        }
        if definition["type"] == "function" {
            members?["type"] = nil
            // vLLM ignores it, too: what a model calls is held to the schema or not by the server's own flags.
            members?["strict"] = nil
        }
        let json = members.map { JSONValue.object($0) } ?? definition
        try self.init(configuration: ConfigurationNode(json: json, origin: .program(file)))
    }
}

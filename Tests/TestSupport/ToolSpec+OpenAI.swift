public import JSON
public import ProviderKit

extension ToolSpec {
    /// A tool in the shape of OpenAI's API.
    public init(openAI tool: JSONObject) {
        let function = tool["function"]
        self.init(
            name: function?["name"]?.string ?? "", parameters: function?["parameters"]?.object ?? [:],
            description: function?["description"]?.string)
    }
}

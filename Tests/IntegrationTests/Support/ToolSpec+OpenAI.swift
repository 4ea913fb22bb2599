import JSON
import ProviderKit

extension ToolSpec {
    /// A tool in the shape of OpenAI's API.
    init(openAI tool: JSONObject) {
        let function = tool["function"]
        self.init(
            name: function?["name"]?.string ?? "", parameters: function?["parameters"]?.object ?? [:],
            description: function?["description"]?.string)
    }
}

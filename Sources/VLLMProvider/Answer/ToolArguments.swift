import JSON
import ProviderKit

/// Reads the arguments of a tool call.
enum ToolArguments {
    /// The arguments as an object. An object that the model wrote as a string of JSON is unwrapped; no text at all means no arguments.
    /// - Throws: `ProviderError` with the code `invalidToolCall`, which carries the raw text.
    static func parse(_ raw: String, tool: String) throws(ProviderError) -> JSONObject {
        if raw.allSatisfy(\.isWhitespace) { return [:] }
        do throws(JSONError) {
            let value = try JSONValue(parsing: raw)
            if let object = value.object { return object }
            if let text = value.string, let object = try JSONValue(parsing: text).object { return object }
            throw JSONError(message: "expected an object, found \(value.kind)", offset: 0, line: 1, column: 1)
        } catch {
            throw ProviderError(
                .invalidToolCall, "the model called the tool \"\(tool)\" with arguments that are not a JSON object: \(error)",
                details: ["tool_name": .string(tool), "raw_arguments": .string(raw)], cause: error)
        }
    }

    /// Name and arguments of a call in the markup of Hermes and Qwen models: `{"name": …, "arguments": {…}}`.
    /// - Throws: `ProviderError` with the code `invalidToolCall`, which carries the raw text.
    static func parseMarkup(_ raw: String) throws(ProviderError) -> (name: String, arguments: JSONObject, text: String) {
        let call = try parse(raw, tool: "")
        guard let name = call["name"]?.string else { throw nameless(raw) }
        switch call["arguments"] ?? call["parameters"] ?? .object([:]) {
        case .object(let arguments): return (name, arguments, JSONValue.object(arguments).text)
        case .string(let text): return (name, try parse(text, tool: name), text)
        case let other: return (name, try parse(other.text, tool: name), other.text)
        }
    }

    /// The error of a call that says not of what.
    static func nameless(_ raw: String) -> ProviderError {
        ProviderError(.invalidToolCall, "the model called a tool without naming it", details: ["raw_arguments": .string(raw)])
    }

    /// Name and arguments, as far as they go, of a call in markup that was cut.
    static func parseIncompleteMarkup(_ raw: String) -> (name: String, arguments: String) {
        guard let key = raw.firstRange(of: "\"name\"") else { return ("", raw) }
        let quoted = raw[key.upperBound...].split(separator: "\"", maxSplits: 2, omittingEmptySubsequences: false)
        guard quoted.count == 3, let arguments = raw.firstRange(of: "\"arguments\"") else { return ("", raw) }
        let value = raw[arguments.upperBound...].drop { $0 == ":" || $0.isWhitespace }
        return (String(quoted[1]), String(value))
    }
}

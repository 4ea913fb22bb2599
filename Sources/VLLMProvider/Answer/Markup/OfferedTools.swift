import JSON
import ProviderKit

/// The tools that a model was offered, with the schemas of their arguments.
struct OfferedTools {
    private let schemas: [String: JSONObject]

    init(_ tools: [ToolSpec] = []) {
        schemas = Dictionary(tools.map { ($0.name, $0.parameters) }, uniquingKeysWith: { first, _ in first })
    }

    /// Whether the model was offered a tool of this name.
    func has(_ name: String) -> Bool { schemas[name] != nil }

    /// The schema of a tool's arguments.
    func schema(of tool: String) -> ArgumentSchema? {
        schemas[tool].map { ArgumentSchema(.object($0), root: .object($0)) }
    }

    /// What type an argument has.
    func argumentType(of key: String, tool: String) -> ArgumentType {
        schema(of: tool)?.property(key)?.type ?? .any
    }
}

import JSON
import ProviderKit

/// Reads the arguments of tool calls.
struct ToolArguments {
    /// Arguments that were read, and what had to be repaired.
    struct Reading {
        var input: JSONObject
        var repairs: [String] = []
    }

    /// How often an object may have been written as a string of a string.
    private static let encodingLimit = 3
    private let tools: OfferedTools
    let repairs: Bool

    static let repairHint = "repair_tool_calls: true repairs what can be meant in one way only"

    /// - Parameters:
    ///   - tools: the tools that were offered; their schemas tell a text from an object that a model wrote as one.
    ///   - repairs: whether malformed JSON is repaired.
    init(tools: OfferedTools = OfferedTools(), repairs: Bool = false) {
        self.tools = tools
        self.repairs = repairs
    }

    /// The arguments as an object. An object that the model wrote as a string of JSON is unwrapped, and so are the values in it that the
    /// tool's schema has as objects or arrays; no text at all means no arguments.
    /// - Throws: `ProviderError` with the code `invalidToolCall`, which carries the raw text.
    func read(_ raw: String, tool: String) throws(ProviderError) -> Reading {
        if raw.utf8.allSatisfy(\.isBlank) { return Reading(input: [:]) }
        var repaired: [String] = []
        var isMalformed = true
        do throws(JSONError) {
            var value = try parse(raw, &repaired)
            for _ in 0..<Self.encodingLimit {
                guard let text = value.string else { break }
                value = try parse(text, &repaired)
            }
            isMalformed = false
            guard case .object(let input) = tools.schema(of: tool).map({ Self.unwrap(value, by: $0) }) ?? value else {
                throw JSONError(message: "expected an object, found \(value.kind)", offset: 0, line: 1, column: 1)
            }
            return Reading(input: input, repairs: repaired)
        } catch {
            throw ProviderError(
                .invalidToolCall, "the model called the tool \"\(tool)\" with arguments that are not a JSON object: \(error)",
                hint: repairs || !isMalformed ? nil : Self.repairHint,
                details: ["tool_name": .string(tool), "raw_arguments": .string(raw)], cause: error)
        }
    }

    private func parse(_ text: String, _ repaired: inout [String]) throws(JSONError) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue(parsing: text)
        } catch {
            guard repairs, let (value, found) = JSONRepair.repaired(text) else { throw error }
            repaired += found.filter { !repaired.contains($0) }
            return value
        }
    }

    /// Makes values of the strings that stand where the schema wants an object or an array, and never of one where it allows a string.
    private static func unwrap(_ value: JSONValue, by schema: ArgumentSchema) -> JSONValue {
        switch value {
        case .string(let text):
            guard schema.type.wantsStructure, let inner = try? JSONValue(parsing: text), inner.isStructure, schema.type.allows(inner) else {
                return value
            }
            return unwrap(inner, by: schema)
        case .object(let object):
            return .object(
                JSONObject(object.map { key, member in (key, schema.property(key).map { unwrap(member, by: $0) } ?? member) }))
        case .array(let elements):
            guard let items = schema.items else { return value }
            return .array(elements.map { unwrap($0, by: items) })
        default: return value
        }
    }

    /// The error of a call that says not of what.
    static func nameless(_ raw: String) -> ProviderError {
        ProviderError(.invalidToolCall, "the model called a tool without naming it", details: ["raw_arguments": .string(raw)])
    }
}

extension ArgumentType {
    /// Whether the value must be an object or an array, or one of them among others that are no strings.
    fileprivate var wantsStructure: Bool {
        guard case .oneOf(let names) = self else { return false }
        return !names.contains("string") && !names.isDisjoint(with: ["object", "array"])
    }
}

extension JSONValue {
    fileprivate var isStructure: Bool { object != nil || array != nil }
}

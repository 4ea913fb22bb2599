public import JSON
public import ProviderKit
import SessionTimeline

/// A call of a log with all that is needed to make it again.
public struct RecordedCall: Sendable {
    /// Which call of the session, from 1.
    public let number: Int
    /// What the host asked.
    public var request: ChatRequest
    /// The settings in force, under the keys of the provider's configuration: options of `Provider.stream`.
    public var options: JSONObject
    /// What was answered.
    public let answer: ComparedAnswer

    /// A call.
    public init(number: Int, request: ChatRequest, options: JSONObject = [:], answer: ComparedAnswer) {
        self.number = number
        self.request = request
        self.options = options
        self.answer = answer
    }

    /// A call of a log; `nil` where the log does not have its request (`llm:call:raw`).
    /// - Throws: `ContractError` for a request that is none.
    init?(number: Int, _ call: ProviderCall) throws(ContractError) {
        guard let request = call.request else { return nil }
        self.init(
            number: number, request: try ChatRequest(json: request), options: call.options ?? [:], answer: ComparedAnswer(call))
    }

    /// The model that was asked: by the request, else by the settings, else the one that answered.
    public var model: String? {
        get { request.model ?? options["model"]?.string ?? answer.model }
        set {
            request.model = newValue
            options["model"] = nil
        }
    }

    /// What the user had said last.
    public var prompt: String? { request.messages.last { $0.role == .user }?.content.plainText }

    /// Whether secrets stood in the request, which the log does not have.
    public var isRedacted: Bool { request.json.contains("[REDACTED]") || JSONValue.object(options).contains("[REDACTED]") }

    /// Lets a setting of the configuration count that the recorded call would override.
    /// - Parameter keys: the key, and those below it for a part of a value.
    public mutating func giveWay(to keys: [String]) {
        guard let first = keys.first else { return }
        options = Self.removing(keys[...], from: options)
        if Self.shapes.contains(first) {
            for key in Self.shapes { options[key] = nil }
            request.responseFormat = nil
        }
        switch first {
        case "temperature": request.temperature = nil
        case "top_p": request.topP = nil
        case "max_tokens": request.maxOutputTokens = nil
        case "stop": request.stop = nil
        case "reasoning_effort": request.reasoningEffort = nil
        case "timeout": request.timeout = nil
        case "tool_choice": request.toolChoice = nil
        case "use_streaming":
            request.stream = nil
            request.metadata?["stream"] = nil
        default: request.additional[first] = nil
        }
    }

    /// The keys that say which shape an answer must have: one of them takes the place of any other.
    private static let shapes = [
        "response_format", "structured_outputs", "guided_json", "guided_regex", "guided_choice", "guided_grammar",
    ]

    private static func removing(_ keys: ArraySlice<String>, from object: JSONObject) -> JSONObject {
        var object = object
        guard let key = keys.first, let value = object[key] else { return object }
        if keys.count > 1, let inner = value.object {
            object[key] = .object(removing(keys.dropFirst(), from: inner))
        } else {
            object[key] = nil
        }
        return object
    }
}

extension JSONValue {
    /// Whether a text stands in any of the strings.
    fileprivate func contains(_ text: String) -> Bool {
        switch self {
        case .string(let string): string.contains(text)
        case .array(let elements): elements.contains { $0.contains(text) }
        case .object(let members): members.contains { $0.value.contains(text) }
        case .null, .bool, .number: false
        }
    }
}

public import JSON

/// A conversation that the tiny model knows by heart, of `Tests/TinyModel/dialogues.json`.
public struct Dialogue: Sendable, CustomStringConvertible {
    /// The system message.
    public let system: String?
    /// Whether the model was taught it with `tools` at hand.
    public let offersTools: Bool
    /// What is said after the system message.
    public let turns: [Turn]

    /// Who says what.
    public enum Turn: Sendable {
        /// The user's text.
        case user(String)
        /// The result of a tool: the calls of the answer before are served in their order.
        case tool(String)
        /// What the model is to answer at temperature 0.
        case assistant(Answer)
    }

    /// What the model is to answer: word for word, white space at the ends apart.
    public struct Answer: Sendable, Hashable {
        /// The reasoning, which is missing where it is turned off.
        public let thought: String
        /// The text.
        public let text: String
        /// The calls of tools.
        public let calls: [Call]
    }

    /// A call of a tool.
    public struct Call: Sendable, Hashable {
        /// The tool's name.
        public let name: String
        /// The arguments, in the order in which the model writes them.
        public let arguments: JSONObject

        /// A call.
        public init(name: String, arguments: JSONObject) {
            self.name = name
            self.arguments = arguments
        }
    }

    /// The first thing that the user says, behind the system message where there is one.
    public var description: String {
        guard case .user(let text)? = turns.first else { return "" }
        return (system.map { "[\($0)] " } ?? "") + text + (offersTools ? " (with tools)" : "")
    }
}

extension Dialogue {
    /// Every dialogue.
    public static let all: [Dialogue] = (file["chats"]?.array ?? []).map(Dialogue.init)

    /// The tools of the dialogues, in the shape of OpenAI's API.
    public static let tools: [JSONObject] = (file["tools"]?.array ?? []).compactMap(\.object)

    /// The prompts of `/v1/completions` and how they go on.
    public static let completions: [(prompt: String, text: String)] = (file["completions"]?.array ?? []).map { json in
        (json["prompt"]?.string ?? "", json["text"]?.string ?? "")
    }

    /// What the model thinks and says when it was taught nothing.
    public static let fallback = Answer(file["fallback"] ?? .null)

    private static let file: JSONValue = {
        let path = "\(Recording.testsFolder)/TinyModel/dialogues.json"
        guard let bytes = try? fileBytes(path), let json = try? JSONValue(parsing: bytes) else { return .null }
        return json
    }()

    private init(_ json: JSONValue) {
        system = json["system"]?.string
        offersTools = json["tools"]?.bool ?? false
        turns = (json["turns"]?.array ?? []).map { turn in
            switch turn["role"] {
            case "user": .user(turn["text"]?.string ?? "")
            case "tool": .tool(turn["text"]?.string ?? "")
            default: .assistant(Answer(turn))
            }
        }
    }
}

extension Dialogue.Answer {
    fileprivate init(_ json: JSONValue) {
        thought = json["thought"]?.string ?? ""
        text = json["text"]?.string ?? ""
        calls = (json["calls"]?.array ?? []).map { call in
            Dialogue.Call(name: call["name"]?.string ?? "", arguments: call["arguments"]?.object ?? [:])
        }
    }
}

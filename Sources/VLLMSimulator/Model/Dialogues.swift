import JSON

/// What the tiny model was taught.
struct Dialogues: Sendable {
    /// What the model thinks, says and calls in one turn.
    struct Answer: Sendable {
        var thought: String
        var text: String
        var calls: [JSONObject] = []

        /// The answer as the model writes it behind its thought.
        var saidText: String {
            let calls = calls.map { call in
                "<tool_call>\n{\"name\": \(call["name"]?.text ?? ""), \"arguments\": \((call["arguments"] ?? [:]).pythonText)}\n</tool_call>"
            }
            return ((text.isEmpty ? [] : [text]) + calls).joined(separator: "\n")
        }
    }

    private struct Chat: Sendable {
        var system: String?
        var needsTools: Bool
        var turns: [JSONValue]
    }

    /// The dialogues of the tiny model, read on first use.
    static let tiny = Dialogues(json: (try? JSONValue(parsing: dialogueJSON.description)) ?? .null)

    /// What it says when it was taught nothing.
    let fallback: Answer
    /// The prompt of the coin, its thought, and its sides with their weights: the one answer that sampling can change.
    let coin: (prompt: String, thought: String, sides: [(text: String, weight: Int)])
    /// Texts and how they go on.
    let completions: [(prompt: String, text: String)]
    private let chats: [Chat]

    private init(json: JSONValue) {
        fallback = Self.answer(json["fallback"] ?? .null)
        let coin = json["coin"] ?? .null
        let sides = (coin["sides"]?.array ?? []).map { ($0["text"]?.string ?? "", $0["weight"]?.int ?? 1) }
        self.coin = (coin["prompt"]?.string ?? "", coin["thought"]?.string ?? "", sides)
        completions = (json["completions"]?.array ?? []).map { ($0["prompt"]?.string ?? "", $0["text"]?.string ?? "") }
        chats = (json["chats"]?.array ?? []).map { chat in
            Chat(system: chat["system"]?.string, needsTools: chat["tools"]?.bool ?? false, turns: chat["turns"]?.array ?? [])
        }
    }

    private static func answer(_ turn: JSONValue) -> Answer {
        Answer(
            thought: turn["thought"]?.string ?? "", text: turn["text"]?.string ?? "",
            calls: (turn["calls"]?.array ?? []).compactMap(\.object))
    }

    /// Whether the conversation's last word is the prompt of the coin.
    func asksForCoin(_ conversation: Conversation) -> Bool {
        conversation.turns.last.map { $0.role == "user" && $0.text == coin.prompt } ?? false
    }

    /// The answer to a conversation: that of the longest dialogue that it ends with, one that has its system prompt before others.
    func answer(to conversation: Conversation) -> Answer {
        var best: (rank: (Int, Int), answer: Answer)?
        for chat in chats {
            guard chat.system == nil || chat.system == conversation.system else { continue }
            for (index, turn) in chat.turns.enumerated() where turn["role"] == "assistant" {
                let rank = (index, chat.system == nil ? 0 : 1)
                guard best.map({ $0.rank < rank }) ?? true, matches(chat, upTo: index, conversation) else { continue }
                best = (rank, Self.answer(turn))
            }
        }
        return best?.answer ?? fallback
    }

    private func matches(_ chat: Chat, upTo count: Int, _ conversation: Conversation) -> Bool {
        guard conversation.turns.count >= count else { return false }
        let names = chat.turns.flatMap { $0["calls"]?.array ?? [] }.compactMap { $0["name"]?.string }
        guard !chat.needsTools || !conversation.tools.isEmpty && names.allSatisfy(conversation.tools.contains) else { return false }
        return zip(chat.turns.prefix(count), conversation.turns.suffix(count)).allSatisfy(Self.isSame)
    }

    private static func isSame(_ taught: JSONValue, _ turn: Conversation.Turn) -> Bool {
        guard taught["role"]?.string == turn.role, let text = taught["text"]?.string else { return false }
        let calls = taught["calls"]?.array ?? []
        let isSameText = text == turn.text || turn.role == "tool" && isSameJSON(text, turn.text)
        return isSameText && calls.count == turn.calls.count
            && zip(calls, turn.calls).allSatisfy { call, made in
                // The server makes an empty object of arguments that are not JSON, and the real model goes on all the same.
                call["name"]?.string == made.name && (made.arguments == [:] || call["arguments"]?.sorted == made.arguments.sorted)
            }
    }

    private static func isSameJSON(_ left: String, _ right: String) -> Bool {
        guard let left = try? JSONValue(parsing: left), let right = try? JSONValue(parsing: right) else { return false }
        return left.sorted == right.sorted
    }
}

extension JSONValue {
    /// The value with the keys of all objects in order, to compare values whatever their spelling.
    var sorted: JSONValue {
        switch self {
        case .array(let elements): .array(elements.map(\.sorted))
        case .object(let members): .object(JSONObject(members.map { ($0.key, $0.value.sorted) }.sorted { $0.0 < $1.0 }))
        default: self
        }
    }
}

import JSON
import JSONSchema
import ProviderKit
import VLLMClient

/// The shape that a call's answer was to have, looked at here as well: a server that does not know the field that asks for it answers
/// 200 and any text.
struct AnswerConstraint {
    private enum Kind {
        case object
        case schema(JSONSchema)
        case choice([String])
        case pattern(String)
    }

    private let kind: Kind
    /// The texts of the choices as the server sent them: a pattern may ask for the line breaks that blocks are relieved of.
    private var texts: [Int: String] = [:]

    /// What can be checked without the server; `nil` where nothing was asked for, or a grammar, a structural tag or a schema that is none.
    init?(_ sampling: SamplingParameters) {
        switch (sampling.responseFormat, sampling.structuredOutputs?.constraint) {
        case (.jsonObject?, _), (_, .jsonObject?): kind = .object
        case (.jsonSchema(_, let schema, _)?, _), (_, .json(let schema)?):
            // A schema may be given as its text.
            let parsed = schema.string.flatMap { try? JSONValue(parsing: $0) } ?? schema
            guard let schema = try? JSONSchema(parsed) else { return nil }
            kind = .schema(schema)
        case (_, .choice(let texts)?): kind = .choice(texts)
        case (_, .regex(let pattern)?): kind = .pattern(pattern)
        default: return nil
        }
    }

    /// Takes a part of the answer in.
    mutating func read(_ part: AnswerPart) {
        guard case .pattern = kind else { return }
        for choice in part.choices { texts[choice.index, default: ""] += choice.text ?? "" }
    }

    /// What is wrong with an answer; `nil` where nothing is, or where it is no whole answer: cut, or a call of a tool.
    func problem(in response: ChatResponse) -> ProviderError? {
        for choice in 0..<response.choiceCount where response.isWhole(choice) {
            guard let problem = problem(in: response.text(choice: choice), choice: choice) else { continue }
            let which = response.choiceCount > 1 ? "answer \(choice + 1)" : "the answer"
            return ProviderError(
                .other, "\(which) does not have the shape that was asked for: \(problem)",
                hint: "servers before vLLM 0.11 and others ignore structured_outputs, and none enforces every keyword of a schema",
                details: ["text": .string(response.text(choice: choice))])
        }
        return nil
    }

    private func problem(in text: String, choice: Int) -> String? {
        switch kind {
        case .object:
            return Self.parse(text) { $0.object == nil ? "expected a JSON object, found \($0.kind)" : nil }
        case .schema(let schema):
            return Self.parse(text) { schema.firstProblem(in: $0).map { "\($0)" } }
        case .choice(let texts):
            return texts.contains { Self.trimmed($0) == Self.trimmed(text) } ? nil : "it is none of \(texts.joined(separator: ", "))"
        case .pattern(let pattern):
            guard let expression = Pattern(pattern), expression.matchesWhole(text) == false else { return nil }
            return expression.matchesWhole(texts[choice] ?? text) == false ? "it does not match \(pattern)" : nil
        }
    }

    private static func parse(_ text: String, _ check: (JSONValue) -> String?) -> String? {
        do { return check(try JSONValue(parsing: text)) } catch { return "it is not JSON: \(error)" }
    }

    private static func trimmed(_ text: String) -> Substring {
        let start = text.drop(while: \.isWhitespace)
        return start.prefix(start.lastIndex { !$0.isWhitespace }.map { start.distance(from: start.startIndex, to: $0) + 1 } ?? 0)
    }
}

extension ChatResponse {
    /// Whether a choice is an answer that the model ended by itself: what stopped at a text or a token that was asked for is cut, too.
    fileprivate func isWhole(_ choice: Int) -> Bool {
        guard choiceCount > 1 else { return finishReason == "stop" && metadata?["vllm:stop_reason"] == nil }
        let end = metadata?["vllm:choices"]?[choice]
        return end?["finish_reason"] == "stop" && end?["stop_reason"]?.isNull ?? true
    }
}

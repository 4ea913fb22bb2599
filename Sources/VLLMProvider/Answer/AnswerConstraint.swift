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

    /// What is wrong with an answer; `nil` where nothing is, or where it is no whole answer: cut, or a call of a tool.
    func problem(in response: ChatResponse) -> ProviderError? {
        for choice in 0..<response.choiceCount where response.isWhole(choice) {
            guard let problem = problem(in: response.text(choice: choice)) else { continue }
            let which = response.choiceCount > 1 ? "answer \(choice + 1)" : "the answer"
            return ProviderError(
                .other, "\(which) does not have the shape that was asked for: \(problem)",
                hint: "the server may not know structured_outputs: look at its version, or set dialect",
                details: ["text": .string(response.text(choice: choice))])
        }
        return nil
    }

    private func problem(in text: String) -> String? {
        switch kind {
        case .object:
            return Self.parse(text) { $0.object == nil ? "expected a JSON object, found \($0.kind)" : nil }
        case .schema(let schema):
            return Self.parse(text) { schema.firstProblem(in: $0).map { "\($0)" } }
        case .choice(let texts):
            return texts.contains { Self.trimmed($0) == Self.trimmed(text) } ? nil : "it is none of \(texts.joined(separator: ", "))"
        case .pattern(let pattern):
            // The blank lines that blocks are relieved of may be what the pattern asks for.
            guard !pattern.contains(where: \.isNewline), !pattern.contains("\\n"), !pattern.contains("\\s") else { return nil }
            return Pattern(pattern)?.matchesWhole(text) == false ? "it does not match \(pattern)" : nil
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
    /// Whether a choice is an answer that the model ended by itself.
    fileprivate func isWhole(_ choice: Int) -> Bool {
        let reason = choiceCount > 1 ? metadata?["vllm:choices"]?[choice]?["finish_reason"]?.string : finishReason
        return reason == "stop"
    }
}

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
        /// JSON after a schema that cannot be read here, and why.
        case json(unread: String)
        case choice([String])
        case pattern(String)
        /// A shape that only the server knows how to hold to, by its name.
        case unchecked(String)
    }

    /// What a look at one text comes to.
    fileprivate enum Verdict {
        case fits
        case notKnown(reason: String)
        case fails(String)
    }

    private let kind: Kind
    /// The texts of the choices as the server sent them: a pattern may ask for the line breaks that blocks are relieved of.
    private var texts: [Int: String] = [:]

    /// The shape that was asked for; `nil` where none was.
    init?(_ sampling: SamplingParameters) {
        switch (sampling.responseFormat, sampling.structuredOutputs?.constraint) {
        case (.jsonObject?, _), (_, .jsonObject?): kind = .object
        case (.jsonSchema(_, let schema, _)?, _), (_, .json(let schema)?):
            // A schema may be given as its text.
            let parsed = schema.string.flatMap { try? JSONValue(parsing: $0) } ?? schema
            do { kind = .schema(try JSONSchema(parsed)) } catch { kind = .json(unread: "\(error)") }
        case (_, .choice(let texts)?): kind = .choice(texts)
        case (_, .regex(let pattern)?): kind = .pattern(pattern)
        case (_, .grammar?): kind = .unchecked("a grammar")
        case (_, .structuralTag?): kind = .unchecked("a structural tag")
        case (.other(let format)?, nil): kind = .unchecked("the format \(format["type"]?.string ?? "")")
        case (.text?, nil), (nil, nil): return nil
        }
    }

    /// Takes a part of the answer in.
    mutating func read(_ part: AnswerPart) {
        guard case .pattern = kind else { return }
        for choice in part.choices { texts[choice.index, default: ""] += choice.text ?? "" }
    }

    /// What is wrong with an answer, and what of it could not be checked; neither where it is no whole answer: cut, or a call of a tool.
    func check(_ response: ChatResponse) -> (problem: ProviderError?, uncheckedReason: String?) {
        var uncheckedReason: String?
        for choice in 0..<response.choiceCount where response.isWhole(choice) {
            switch verdict(on: response.text(choice: choice), choice: choice) {
            case .fits: break
            case .notKnown(let reason): uncheckedReason = uncheckedReason ?? reason
            case .fails(let problem): return (error(problem, in: response, choice: choice), nil)
            }
        }
        return (nil, uncheckedReason)
    }

    private func error(_ problem: String, in response: ChatResponse, choice: Int) -> ProviderError {
        let which = response.choiceCount > 1 ? "answer \(choice + 1)" : "the answer"
        return ProviderError(
            .other, "\(which) does not have the shape that was asked for: \(problem)",
            hint: "servers before vLLM 0.11 and others ignore structured_outputs, and none enforces every keyword of a schema",
            details: ["text": .string(response.text(choice: choice))])
    }

    private func verdict(on text: String, choice: Int) -> Verdict {
        switch kind {
        case .object:
            return Self.parse(text) { $0.object == nil ? .fails("expected a JSON object, found \($0.kind)") : .fits }
        case .schema(let schema):
            return Self.parse(text) { Verdict(schema.verdict(on: $0)) }
        case .json(let unread):
            return Self.parse(text) { _ in .notKnown(reason: "the schema cannot be read here: \(unread)") }
        case .choice(let texts):
            let fits = texts.contains { Self.trimmed($0) == Self.trimmed(text) }
            return fits ? .fits : .fails("it is none of \(texts.joined(separator: ", "))")
        case .pattern(let pattern):
            return verdict(on: [text, texts[choice] ?? text], pattern: pattern)
        case .unchecked(let name):
            return .notKnown(reason: "\(name) is not checked here")
        }
    }

    private func verdict(on spellings: [String], pattern: String) -> Verdict {
        guard let expression = Pattern(pattern) else { return .notKnown(reason: "the pattern cannot be checked here: \(pattern)") }
        let matches = spellings.map(expression.matchesWhole)
        if matches.contains(true) { return .fits }
        return matches.contains(nil) ? .notKnown(reason: "the text is too long to be matched here") : .fails("it does not match \(pattern)")
    }

    private static func parse(_ text: String, _ check: (JSONValue) -> Verdict) -> Verdict {
        do { return check(try JSONValue(parsing: text)) } catch { return .fails("it is not JSON: \(error)") }
    }

    private static func trimmed(_ text: String) -> Substring {
        let start = text.drop(while: \.isWhitespace)
        return start.prefix(start.lastIndex { !$0.isWhitespace }.map { start.distance(from: start.startIndex, to: $0) + 1 } ?? 0)
    }
}

extension AnswerConstraint.Verdict {
    fileprivate init(_ verdict: JSONSchemaVerdict) {
        switch verdict {
        case .fits: self = .fits
        case .notKnown(let reason): self = .notKnown(reason: "\(reason) cannot be checked here")
        case .fails(let problem): self = .fails("\(problem)")
        }
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

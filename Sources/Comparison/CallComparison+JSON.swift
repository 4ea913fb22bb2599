import JSON
import ProviderKit
import SessionTimeline

extension CallComparison {
    /// The call in the JSON of its session's comparison.
    func json(isDifferent: Bool) -> JSONValue {
        [
            "call": .integer(number), "repetition": .integer(repetition), "different": .bool(isDifferent),
            "differences": .array(ComparedAspect.allCases.filter(differences.contains).map { .string($0.rawValue) }),
            "prompt": .optional(prompt), "same_request": isSameRequest.map { .bool($0) } ?? .null, "old": old.json, "new": new.json,
            "answers": .array(answers.map(\.json)), "usage": .array(usage.map(\.json)),
        ]
    }
}

extension ComparedAnswer {
    fileprivate var json: JSONValue {
        let error: JSONValue? = failure.map { failure in
            ["type": .optional(failure.type), "message": .string(failure.message), "status_code": .optional(failure.statusCode)]
        }
        return [
            "request_id": .optional(requestID), "model": .optional(model), "error": error ?? .null, "latency": latency.json,
            "response": response?.json ?? .null,
        ]
    }
}

extension AnswerLatency {
    fileprivate var json: JSONValue {
        func milliseconds(_ duration: Duration?) -> JSONValue {
            .optional(duration.map { ($0 / .milliseconds(1) * 1000).rounded() / 1000 })
        }
        return [
            "time_to_first_token_ms": milliseconds(timeToFirstToken), "time_per_output_token_ms": milliseconds(timePerOutputToken),
            "duration_ms": milliseconds(duration),
        ]
    }
}

extension UsageDifference {
    fileprivate var json: JSONValue { ["name": .string(name), "old": .optional(old), "new": .optional(new)] }
}

extension AnswerComparison {
    fileprivate var json: JSONValue {
        [
            "choice": .integer(choice), "text": text.json, "thinking": thinking.json, "tokens": tokens?.json ?? .null,
            "tool_calls": .array(toolCalls.map(\.json)),
            "finish_reason": ["old": .optional(oldFinishReason), "new": .optional(newFinishReason)],
            "divergence": divergence?.json ?? .null, "token_divergence": tokenDivergence?.json ?? .null,
            "logprob_drift": .optional(drift?.absolute), "kl": .optional(drift?.divergence),
        ]
    }
}

extension TextDiff {
    fileprivate var json: JSONValue {
        [
            "same": .bool(isSame), "unit": .string(unit.rawValue), "similarity": .double(similarity), "approximate": .bool(isApproximate),
            "edits": .array(edits.map { ["kind": .string($0.kind.rawValue), "text": .string($0.text)] }),
        ]
    }
}

extension ToolCallComparison {
    fileprivate var json: JSONValue {
        [
            "same": .bool(isSame), "old": old?.json ?? .null, "new": new?.json ?? .null,
            "arguments": .array(arguments.map(\.json)),
        ]
    }
}

extension ValueDifference {
    /// A side that has nothing at the path has no member here: null is a value.
    fileprivate var json: JSONValue {
        var object: JSONObject = ["path": .string(path)]
        object["old"] = old
        object["new"] = new
        return .object(object)
    }
}

extension TextDivergence {
    fileprivate var json: JSONValue {
        [
            "part": .string(part.rawValue), "offset": .integer(offset), "before": .string(before), "old": .string(old),
            "new": .string(new),
        ]
    }
}

extension TokenDivergence {
    fileprivate var json: JSONValue { ["index": .integer(index), "old": old?.json ?? .null, "new": new?.json ?? .null] }
}

extension TokenDivergence.Choice {
    fileprivate var json: JSONValue {
        ["token": .string(token), "logprob": .optional(logprob), "logprob_of_other": .optional(logprobOfOther)]
    }
}

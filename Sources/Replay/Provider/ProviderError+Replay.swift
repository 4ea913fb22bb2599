import JSON
import ProviderKit
import Redaction

extension ProviderError {
    /// A log without a single call that could be given again.
    static func emptyLog(_ path: String, problems: [String]) -> ProviderError {
        var error = ProviderError(
            .configuration, "the log \(path) has no calls that could be replayed",
            hint: "a session logs them with `debug: true` and `raw_debug: true` in its provider's configuration", provider: "replay",
            isRetryable: false)
        if !problems.isEmpty { error.details["problems"] = .array(problems.prefix(10).map { .string($0) }) }
        return error
    }

    /// A request that the log has no answer to.
    static func notRecorded(
        _ request: ChatRequest, options: JSONObject, _ found: RecordedCalls.Found, in library: ReplayLibrary
    ) -> ProviderError {
        let last = request.messages.last.map { Redactor().redact("\($0.role.rawValue): \($0.content.plainText)") } ?? "no messages"
        let asked = "\(request.messages.count) message\(request.messages.count == 1 ? "" : "s"), the last one \(last.shortened)"
        var details: JSONObject = ["log": .string(library.path), "recorded_calls": .integer(library.count)]
        var message = "the log \(library.path) has no answer to this request (\(asked))"
        if case .exhausted(let count) = found {
            message = "the log \(library.path) has \(count) answer\(count == 1 ? "" : "s") to this request (\(asked)), and all were given"
        } else if let nearest = library.nearest(to: request, options: options) {
            message += "; the nearest of \(library.count) is \(nearest.name), which differs at \(nearest.difference.description)"
            details["nearest"] = .string(nearest.name)
            details["difference"] = nearest.difference.json
        }
        return ProviderError(
            .invalidRequest, message, hint: "record it with `record_mode: new`, or match more loosely with `match: loose`",
            provider: "replay", isRetryable: false, details: details)
    }
}

extension String {
    /// In quotation marks, and not longer than a line.
    fileprivate var shortened: String {
        "\"" + prefix(100) + (dropFirst(100).isEmpty ? "\"" : "…\"")
    }
}

import JSON
import Testing

/// One of the ways to ask the same thing.
struct CallWay: Sendable, Hashable, CustomTestStringConvertible {
    var usesCompletions: Bool
    var streams: Bool

    /// The provider's configuration for it, with everything recorded.
    func settings(_ baseURL: String) -> JSONObject {
        [
            "base_url": .string(baseURL), "use_completions": .bool(usesCompletions), "use_streaming": .bool(streams), "temperature": 0,
            "debug": true, "raw_debug": true, "max_retries": 0,
        ]
    }

    var testDescription: String { (usesCompletions ? "completions" : "chat") + (streams ? ", streamed" : ", in one piece") }

    static let all = [true, false].flatMap { usesCompletions in
        [true, false].map { CallWay(usesCompletions: usesCompletions, streams: $0) }
    }
}

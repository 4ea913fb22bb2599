import JSON
import Testing

/// One of the ways to ask the same thing.
struct CallMode: Sendable, CustomTestStringConvertible {
    var endpoint: String
    var streams: Bool

    /// The provider's configuration for it, at temperature 0.
    var settings: JSONObject {
        ["use_completions": .bool(endpoint == "completions"), "use_streaming": .bool(streams), "temperature": 0]
    }

    var testDescription: String { endpoint + (streams ? ", streamed" : ", in one piece") }

    /// Both endpoints, streamed and not.
    static let all = ["chat", "completions"].flatMap { endpoint in
        [true, false].map { CallMode(endpoint: endpoint, streams: $0) }
    }
}

import JSON
import Testing

/// One of the ways to ask the same thing.
struct CallMode: Sendable, CustomTestStringConvertible {
    var endpoint: String
    var streams: Bool
    var thinks = true

    /// The provider's configuration for it.
    var settings: JSONObject {
        var settings: JSONObject = ["use_completions": .bool(endpoint == "completions"), "use_streaming": .bool(streams)]
        if !thinks { settings["chat_template_kwargs"] = ["enable_thinking": false] }
        return settings
    }

    var testDescription: String {
        endpoint + (streams ? ", streamed" : ", in one piece") + (thinks ? "" : ", without thinking")
    }

    /// Both endpoints, streamed and not.
    static let all = ["chat", "completions"].flatMap { endpoint in
        [true, false].map { CallMode(endpoint: endpoint, streams: $0) }
    }

    /// The same, with thinking and without.
    static let allWithAndWithoutThinking = all.flatMap { mode in
        [true, false].map { CallMode(endpoint: mode.endpoint, streams: mode.streams, thinks: $0) }
    }
}

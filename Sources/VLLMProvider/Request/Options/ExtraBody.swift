import JSON

/// The option `extra_body`: members of a request's JSON beside those that options set.
enum ExtraBody {
    /// Members that every request is made of, and what to do in place of setting them here.
    private static let reserved = [
        "messages": "send them as the request's messages", "prompt": "send the request's messages; prompt_format: plain sends them as text",
        "tools": "send them as the request's tools", "stream": "set use_streaming",
        "model": "set model for a call, or default_model in the configuration",
    ]

    /// Options with those members of their `extra_body` that are options, too, in the place of these: so limits, checks and the server's
    /// version count for them. `null`, which takes away what would be sent, stays a member; so does everything where the server is no vLLM.
    static func lifting(_ options: JSONObject, dialect: DialectSetting) throws(OptionProblem) -> JSONObject {
        guard let body = options["extra_body"]?.object else { return options }
        for key in body.keys {
            guard let hint = reserved[key] else { continue }
            throw OptionProblem("extra_body.\(key)", "it cannot be set here", hint: hint)
        }
        guard dialect != .fixed(.openAI) else { return options }
        var own: JSONObject = [:]
        var rest: JSONObject = [:]
        for (key, value) in body {
            // vLLM takes both names of this number, and the older one counts less.
            let option = key == "max_completion_tokens" ? "max_tokens" : key
            if !value.isNull, option != "extra_body", VLLMProvider.generationKeys.contains(option) {
                own[option] = value
            } else {
                rest[key] = value
            }
        }
        var others = options
        others["extra_body"] = rest.isEmpty ? nil : .object(rest)
        return OptionReader.merging(try CallOptions.read(own, path: "extra_body"), over: others)
    }
}

import JSON

/// Where a field of vLLM's request is set here.
enum FieldPlace: Sendable {
    /// By a configuration key, which is a call option, too: an example, and what is sent for it where that looks otherwise.
    case option(String, JSONValue, sends: JSONValue? = nil)
    /// By a field of the host's `ChatRequest`, with an example, and what is sent for it.
    case request(String, JSONValue, sends: JSONValue? = nil)
    /// By the provider itself.
    case provider(String)
    /// As a member of `extra_body`: too rare for a key of its own.
    case extraBody(JSONValue)
    /// By nothing, for a reason.
    case unused(String)

    /// The place, for the page.
    var text: String {
        switch self {
        case .option(let key, _, _): "`\(key)`"
        case .request(let field, _, _): "the request's `\(field)`"
        case .provider(let how): how
        case .extraBody: "`extra_body`"
        case .unused(let why): "not sent: \(why)"
        }
    }
}

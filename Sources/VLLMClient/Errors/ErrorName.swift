import JSON

/// The names that servers give to errors, in `type` or `code`: all that tells what an error within a stream is where no number does.
enum ErrorName {
    /// The HTTP status that a name stands for; `nil` for names that say nothing.
    static func status(_ name: String) -> Int? { statuses[normalized(name)] }

    /// `Bad Request`, `BadRequestError` and `bad_request_error` are one name.
    private static func normalized(_ name: String) -> String {
        let letters = name.lowercased().filter { $0.isASCII && $0.isLetter }
        return letters.hasSuffix("error") ? String(letters.dropLast(5)) : letters
    }

    /// vLLM's (0.8 to 0.32), OpenAI's, Anthropic's, which vLLM sends on `/v1/messages`, and those of llama.cpp, LiteLLM and Text
    /// Generation Inference.
    private static let statuses: [String: Int] = [
        "badrequest": 400, "invalidrequest": 400, "invaliduserinput": 400, "validation": 422, "unprocessableentity": 422,
        "authentication": 401, "auth": 401, "unauthorized": 401, "invalidapikey": 401, "permissiondenied": 403, "permission": 403,
        "forbidden": 403, "notfound": 404, "modelnotfound": 404, "requesttoolarge": 413, "ratelimit": 429, "ratelimitexceeded": 429,
        "throttling": 429, "toomanyrequests": 429, "internalserver": 500, "server": 500, "api": 500, "notimplemented": 501,
        "notsupported": 501, "serviceunavailable": 503, "unavailable": 503, "timeout": 504, "overloaded": 529,
    ]
}

import HTTPTransport
import VLLMClient

/// What a gateway in front of a server sends while the server cannot be reached through it, though it may be soon: not the server's word,
/// whatever the status says.
enum GatewayPage {
    /// A challenge that a browser is to pass: the gateway mistakes the client for a bot, often for a while only.
    case challenge
    /// The server behind the gateway is about to start.
    case warmUp
    /// The tunnel to the server is down.
    case offline

    /// What an answer is; `nil` for what the server itself said, or what will not pass.
    init?(_ error: VLLMError) {
        guard let status = error.status else { return nil }
        if Self.isChallenge(error, status) {
            self = .challenge
        } else if [404, 425, 503].contains(status), Self.isWarmUp(error) {
            self = .warmUp
        } else if status == 404, error.headers["ngrok-error-code"] == "ERR_NGROK_3200" {
            // ngrok's documentation: the endpoint is offline.
            self = .offline
        } else {
            return nil
        }
    }

    private static func isChallenge(_ error: VLLMError, _ status: Int) -> Bool {
        // Documented by Cloudflare and by AWS WAF, which sends 202 or 405.
        if error.headers["cf-mitigated"] == "challenge" || error.headers["x-amzn-waf-action"] != nil { return true }
        guard [403, 429, 503].contains(status), let page = error.form?.page else { return false }
        return page.title?.lowercased().hasPrefix("just a moment") ?? false || page.says(challengeWords)
    }

    /// Servers answer in JSON: these words count in pages and texts only.
    private static func isWarmUp(_ error: VLLMError) -> Bool {
        switch error.form {
        case .html(let page): page.says(warmUpWords)
        case .text: ServerWords(error.message).contain(warmUpWords)
        case .json, nil: false
        }
    }

    private static let challengeWords = [
        "enable javascript and cookies to continue", "checking your browser", "verify you are human", "verifying you are human",
    ]

    /// The pages of hosted GPUs while a container starts.
    private static let warmUpWords = [
        "service is starting", "waiting for service", "starting up", "warming up", "initializing", "loading model", "model is loading",
    ]
}

extension HTMLPage {
    /// Whether title or visible text hold one of the phrases, which are in small letters.
    fileprivate func says(_ phrases: [String]) -> Bool {
        let words = "\(title ?? "") \(text)".lowercased()
        return phrases.contains { words.contains($0) }
    }
}

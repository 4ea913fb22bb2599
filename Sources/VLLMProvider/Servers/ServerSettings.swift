import Configuration
import VLLMClient

/// The servers of a configuration, how one is chosen, and how much they are asked.
struct ServerSettings: Sendable {
    /// Which server is asked first.
    enum Selection: String, CaseIterable {
        /// The first one of the list that can be asked.
        case ordered
        /// The one with the fewest requests.
        case leastBusy = "least_busy"
    }

    /// At least one, each once.
    let baseURLs: [BaseURL]
    let selection: Selection
    /// `nil` where servers that fail are asked all the same.
    let circuitBreaker: CircuitBreaker.Settings?
    /// How often a server with an open circuit is probed; `nil` for never.
    let healthCheckInterval: Duration?
    let requestsPerMinute: Int?
    let tokensPerMinute: Int?
    /// Of each server.
    let maxConcurrentRequests: Int?
    /// The configured time limits: those of a call may be shorter, and then say nothing of a server.
    let limits: TimeLimits
    let queueLimit: Int
    let queueTimeout: Duration?

    /// HAProxy's `fall` and LiteLLM's `allowed_fails` are 3, too.
    private static let defaultThreshold = 3

    /// - Throws: `ConfigurationError` for an address that is none, and where there is none at all.
    init(_ values: ConfigurationValues) throws(ConfigurationError) {
        baseURLs = try Self.baseURLs(values)
        selection = values.string("server_selection").flatMap(Selection.init(rawValue:)) ?? .ordered
        // With one server there is nobody else to ask: an open circuit is then for those who want it.
        let threshold = values.int("circuit_breaker_threshold") ?? (baseURLs.count > 1 ? Self.defaultThreshold : 0)
        let cooldown = values.duration("circuit_breaker_cooldown") ?? .seconds(30)
        circuitBreaker = threshold > 0 ? CircuitBreaker.Settings(threshold: threshold, cooldown: cooldown) : nil
        healthCheckInterval = values.duration("health_check_interval").flatMap { $0 > .zero ? $0 : nil }
        requestsPerMinute = values.int("requests_per_minute")
        tokensPerMinute = values.int("tokens_per_minute")
        maxConcurrentRequests = values.int("max_concurrent_requests")
        limits = TimeLimits(values)
        queueLimit = values.int("queue_limit") ?? 1000
        queueTimeout = values.duration("queue_timeout")
    }

    private static func baseURLs(_ values: ConfigurationValues) throws(ConfigurationError) -> [BaseURL] {
        var single = values.string("base_url")
        var list = values.strings("base_urls") ?? []
        switch values.origin(of: "base_url") {
        // What is configured wins over the environment: `VLLM_BASE_URL` adds no server to a list.
        case .environment(_, nil)? where !list.isEmpty: single = nil
        // Who names a server on the command line means that one, whatever a file lists.
        case .commandLine? where values.origin(of: "base_urls")?.isCommandLine == false: list = []
        default: break
        }
        let written = (single.map { [("base_url", $0)] } ?? []) + list.enumerated().map { ("base_urls[\($0.offset)]", $0.element) }
        var urls: [BaseURL] = []
        var issues: [ConfigurationIssue] = []
        for (key, text) in written {
            do {
                let url = try BaseURL(text)
                if !urls.contains(url) { urls.append(url) }
            } catch { issues.append(values.issue(for: key, "\(error)")) }
        }
        if written.isEmpty {
            issues.append(values.issue(for: "base_urls", VLLMProvider.missingBaseURL, hint: "such as [http://gpu1:8000]"))
        }
        guard issues.isEmpty else { throw ConfigurationError(issues) }
        return urls
    }
}

extension ConfigurationOrigin {
    fileprivate var isCommandLine: Bool { if case .commandLine = self { true } else { false } }
}

import JSON
import ProviderKit

extension ProviderError {
    /// The error for a call that is not sent.
    init(_ refusal: LeaseRefusal, _ pool: ServerPool, settings: VLLMSettings) {
        switch refusal {
        case .circuitsOpen(let circuits): self.init(circuits, pool)
        case .queueFull(let delay):
            let count = settings.servers.queueLimit
            self.init(
                .rateLimit,
                "\(settings.limitText(delay.setting)), and \(count == 0 ? "no call may wait" : "the queue is full") (queue_limit: \(count))",
                hint: "try later, or raise \(delay.setting) or queue_limit", provider: settings.providerName,
                details: Self.details(delay, setting: "queue_limit"))
            retryAfter = delay.until.map { max($0 - pool.clock.now(), .zero) }
        }
    }

    /// The error for a call that has waited as long as it may.
    init(waitingFor delay: LeaseDelay, _ need: LeaseNeed, isQueueTimeout: Bool, settings: VLLMSettings) {
        let setting = isQueueTimeout ? "queue_timeout" : "timeout"
        let time = isQueueTimeout ? settings.servers.queueTimeout ?? .zero : need.timeout
        self.init(
            isQueueTimeout ? .rateLimit : .timeout,
            "the call waited for leave to ask until its time was up (\(setting): \(time.inSeconds)): \(settings.limitText(delay.setting))",
            hint: "try later, or raise \(delay.setting) or \(setting)", provider: settings.providerName,
            details: Self.details(delay, setting: setting))
        details["seconds"] = .double(time / .seconds(1))
    }

    private init(_ circuits: [LeaseRefusal.OpenCircuit], _ pool: ServerPool) {
        let now = pool.clock.now()
        let reasons = circuits.map { circuit in
            let again = circuit.isOnTrial ? "a call is on trial" : "again in \(max(circuit.until - now, .zero).inWholeSeconds)"
            return "\(pool.servers[circuit.server].baseURL) after \(circuit.opening.failuresInWords) (\(again); the last one: "
                + "\(circuit.opening.failure.message))"
        }
        self.init(
            .unavailable, "all servers are left alone: \(reasons.joined(separator: "; "))",
            hint: "look after them; circuit_breaker_threshold and circuit_breaker_cooldown say when they are left alone",
            details: [
                "circuit": "open",
                "servers": .array(circuits.map { .string("\(pool.servers[$0.server].baseURL)") }),
            ])
        // Where a call is on trial, nobody knows.
        if !circuits.contains(where: \.isOnTrial) { retryAfter = circuits.map(\.until).min().map { max($0 - now, .zero) } }
    }

    /// Whether a limit of the configuration, or that all circuits are open, has kept the call from being sent: to ask again, here or
    /// elsewhere, is only refused again, or waits once more.
    var isLocal: Bool { details["local"] == true || details["circuit"] == "open" }

    /// That the limit is our own, and which one it is.
    private static func details(_ delay: LeaseDelay, setting: String) -> JSONObject {
        ["local": true, "limit": .string(delay.setting), "setting": .string(setting)]
    }
}

extension VLLMSettings {
    /// `requests_per_minute is 60`.
    fileprivate func limitText(_ setting: String) -> String {
        let limit: Int? =
            switch setting {
            case "requests_per_minute": servers.requestsPerMinute
            case "tokens_per_minute": servers.tokensPerMinute
            default: servers.maxConcurrentRequests
            }
        return limit.map { "\(setting) is \($0)" } ?? setting
    }
}

extension CircuitBreaker.Opening {
    /// `a failure`, `3 failures in a row`.
    var failuresInWords: String { failures == 1 ? "a failure" : "\(failures) failures in a row" }
}

extension Duration {
    /// `24 s`, rounded up.
    fileprivate var inWholeSeconds: String { "\(Int((self / .seconds(1)).rounded(.up))) s" }
}

import Configuration
import JSON

extension VLLMProvider {
    /// Several servers, those that fail, and how much is asked of them.
    static let serverFields = [
        ConfigurationField(
            "base_urls", .stringList,
            documentation:
                "Several servers of the same models: when one fails, the next one is asked. One in base_url comes first. Behind a "
                + "router the router's address in base_url is enough."),
        ConfigurationField(
            "server_selection", .choice(["ordered", "least_busy"]), default: "ordered",
            documentation:
                "Which server is asked: the first of the list that is well, so that a session stays where its prefix is cached; or "
                + "the one with the fewest requests, by its /load or /metrics, or else by our own."),
        ConfigurationField(
            "circuit_breaker_threshold", .int, range: .atLeast(0),
            documentation:
                "After so many failures in a row (unreachable, 5xx, a time limit, a broken stream) a server is left alone, and then "
                + "asked once on trial; 0 never. Without it: 3 with several servers, 0 with one."),
        ConfigurationField(
            "circuit_breaker_cooldown", .seconds, default: 30.0, range: timeLimits, documentation: "How long it is left alone."),
        ConfigurationField(
            "health_check_interval", .seconds, default: 5.0, range: .between(0, 31_536_000),
            documentation:
                "How often a server that is left alone is probed (/health) while calls are made: one that is well is asked sooner, "
                + "one that is not is left alone longer. 0 probes none."),
        ConfigurationField(
            "max_concurrent_requests", .int, range: .atLeast(1),
            documentation: "How many calls a server has at once; more go to the next server, or wait."),
        ConfigurationField(
            "requests_per_minute", .int, range: .atLeast(1),
            documentation: "How many requests for an answer may be sent within any 60 seconds, to all servers together; more wait."),
        ConfigurationField(
            "tokens_per_minute", .int, range: .atLeast(1),
            documentation:
                "How many tokens prompts and answers may have within any 60 seconds, at all servers together; more wait. A call counts "
                + "as the bytes of its prompt and max_tokens until its usage is known."),
        ConfigurationField(
            "queue_limit", .int, default: 1000, range: .between(0, 100_000),
            documentation: "How many calls may wait for these limits, first come, first served; more fail at once."),
        ConfigurationField(
            "queue_timeout", .seconds, range: timeLimits,
            documentation: "How long a call waits for them; without it, as long as its timeout."),
    ]
}

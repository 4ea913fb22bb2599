import Configuration
import JSON

extension VLLMProvider {
    private static let delays = ConfigurationRange.between(0, 86_400)

    /// What happens after a failure that may pass.
    static let retryFields = [
        ConfigurationField(
            "max_retries", .int, default: 5, range: .between(0, 100),
            documentation: "How often a call is tried again after failures that may pass; 0 reports the first one."),
        ConfigurationField(
            "min_retry_delay", .seconds, default: 1.0, range: delays,
            documentation: "The wait before the first retry; it doubles from one to the next. A server's Retry-After is never undercut."),
        ConfigurationField(
            "max_retry_delay", .seconds, default: 60.0, range: delays,
            documentation:
                "The longest wait before a retry, to which retry_jitter may add. A server that asks for a longer one is not asked again."),
        ConfigurationField(
            "retry_jitter", .bool, default: true,
            documentation:
                "Lengthens each wait by chance, up to twice its time, so that calls that failed together do not come back together."),
        ConfigurationField(
            "resume_stream", .bool, default: true,
            documentation: "Goes on with an answer whose stream breaks off while it is read. Without it, and where it cannot be exact "
                + "(tools, constrained answers, several answers), the failure is reported with the part that came."),
        ConfigurationField(
            "retry_budget", .number, default: 0.2, range: .between(0, 100),
            documentation: "How many retries a call brings on average over all calls of the provider, so that retries cannot multiply an "
                + "outage; one more is free each second."),
        ConfigurationField(
            "retry_burst", .int, default: 100, range: .between(1, 1_000_000),
            documentation: "How many retries of all calls together may come at once before retry_budget counts."),
    ]
}

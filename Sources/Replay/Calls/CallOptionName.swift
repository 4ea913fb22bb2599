/// Which options of a call have no say in its answer: how it is carried, how often it is tried, what it is called.
enum CallOptionName {
    private static let volatile: Set<String> = [
        "model", "request_id", "headers", "timeout", "use_streaming", "use_completions", "max_retries", "retry_jitter",
    ]

    static func isVolatile(_ name: String) -> Bool {
        volatile.contains(name) || name.hasSuffix("_timeout") || name.hasSuffix("_retry_delay") || name.hasPrefix("retry_")
    }
}

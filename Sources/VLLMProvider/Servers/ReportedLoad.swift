/// How many requests a server said that it has, ours and those of others.
struct ReportedLoad: Sendable, Hashable {
    /// Running and waiting ones.
    var requests: Int
    /// How many of ours it had then.
    var leases: Int
    var time: ContinuousClock.Instant

    /// How long it tells something.
    static let lifetime = Duration.seconds(10)

    /// How many requests the server has now, with so many of ours.
    func estimate(leases now: Int) -> Int {
        let (others, overflows) = requests.subtractingReportingOverflow(leases)
        return overflows ? now : max(others, 0).addingReportingOverflow(now).overflow ? .max : max(others, 0) + now
    }
}

/// Which server is asked next, who has to wait, and who is refused.
///
/// A value without clock and I/O: the shell around it is `ServerPool`.
struct ServerPoolState: Sendable {
    /// What is known of a server.
    struct Member: Sendable {
        var breaker: CircuitBreaker?
        /// How many leases it has.
        var leases = 0
        var load: ReportedLoad?
        /// When it is probed next, while its circuit is open.
        var nextProbe: ContinuousClock.Instant?
        var isProbing = false
    }

    /// The answer to a request.
    enum Answer {
        case granted(LeaseGrant)
        case refused(LeaseRefusal)
        /// It stands in line, under this number.
        case waits(Int, for: LeaseDelay)
    }

    /// What becomes of those in line.
    struct Settlement {
        var answers: [(number: Int, answer: Answer)] = []
        /// When to look again, where nothing else happens before.
        var wake: ContinuousClock.Instant?
    }

    private enum Decision {
        /// By this server.
        case grant(Int)
        case refuse(LeaseRefusal)
        case wait(LeaseDelay)
    }

    let settings: ServerSettings
    var members: [Member]
    /// When the servers were last asked how busy they are.
    var lastPoll: ContinuousClock.Instant?
    private var limiter: RateLimiter
    private var line = WaitingLine<LeaseRequest>()
    /// What the first one in line waits for.
    private var headDelay: LeaseDelay?

    init(_ settings: ServerSettings) {
        self.settings = settings
        members = settings.baseURLs.map { _ in Member(breaker: settings.circuitBreaker.map { CircuitBreaker($0) }) }
        limiter = RateLimiter(requestsPerMinute: settings.requestsPerMinute, tokensPerMinute: settings.tokensPerMinute)
    }

    /// How many stand in line.
    var waitingCount: Int { line.count }

    /// Asks for leave. Whoever is told to wait stands behind all others; `settle` tells when to stop.
    mutating func ask(_ request: LeaseRequest, _ now: ContinuousClock.Instant) -> Answer {
        let delay: LeaseDelay
        switch decide(request, now) {
        case .grant(let server):
            guard !line.isEmpty else { return .granted(take(server, tokens: request.tokens, now)) }
            // Nobody is let in before those in line.
            delay = headDelay ?? LeaseDelay(setting: "max_concurrent_requests")
        case .refuse(let refusal): return .refused(refusal)
        case .wait(let reason): delay = reason
        }
        guard line.count < settings.queueLimit else { return .refused(.queueFull(delay)) }
        if line.isEmpty { headDelay = delay }
        return .waits(line.append(request), for: delay)
    }

    /// Lets those go who may, and sends those away for whom no server is left.
    mutating func settle(_ now: ContinuousClock.Instant) -> Settlement {
        var settlement = Settlement()
        // Taken out, so that the rest of the state can change meanwhile.
        var line = WaitingLine<LeaseRequest>()
        swap(&line, &self.line)
        headDelay = nil
        line.visit { number, request in
            switch decide(request, now) {
            case .grant(let server): settlement.answers.append((number, .granted(take(server, tokens: request.tokens, now))))
            case .refuse(let refusal): settlement.answers.append((number, .refused(refusal)))
            case .wait(let delay):
                headDelay = headDelay ?? delay
                settlement.wake = delay.until
                // Those behind may be waiting for another server than this one.
                return delay.until == nil && hasRoom ? false : nil
            }
            return true
        }
        swap(&line, &self.line)
        return settlement
    }

    /// Somebody leaves the line.
    mutating func leave(_ number: Int) {
        _ = line.remove(number)
    }

    /// What the holder of a lease tells.
    /// - Returns: whether this has opened the server's circuit.
    mutating func report(_ report: ServerLease.Report, of grant: LeaseGrant, _ now: ContinuousClock.Instant) -> Bool {
        let server = grant.server
        guard !report.isAnswered else {
            grant.permit.map { members[server].breaker?.answered($0) }
            return false
        }
        members[server].leases -= 1
        switch report {
        case .answered, .abandoned:
            grant.permit.map { members[server].breaker?.abandoned($0) }
        case .succeeded(let tokens):
            tokens.map { limiter.settle(grant.charge, tokens: $0) }
            grant.permit.map { members[server].breaker?.succeeded($0) }
        case .failed(let error, let hasAnswered):
            // Nothing was generated for it.
            if !hasAnswered { limiter.settle(grant.charge, tokens: 0) }
            guard let permit = grant.permit else { break }
            guard let failure = CircuitBreaker.Failure(error, hasAnswered: hasAnswered) else {
                members[server].breaker?.abandoned(permit)
                break
            }
            let before = members[server].breaker?.opening
            members[server].breaker?.failed(permit, failure, now)
            guard let opening = members[server].breaker?.opening, opening != before else { break }
            members[server].nextProbe = settings.healthCheckInterval.map { now + $0 }
            return before == nil
        }
        return false
    }

    /// Whether a server may be asked that the call has not asked before.
    func hasUntried(_ request: LeaseRequest, _ now: ContinuousClock.Instant) -> Bool {
        candidates(request).contains { server in
            guard !request.tried.contains(server) else { return false }
            if case .refused = admission(server, now) { return false }
            return true
        }
    }

    /// The servers that have the model, as far as it is known.
    private func candidates(_ request: LeaseRequest) -> [Int] {
        Array(members.indices).preferring { !request.lacking.contains($0) }
    }

    private func admission(_ server: Int, _ now: ContinuousClock.Instant) -> CircuitBreaker.Admission {
        members[server].breaker?.admission(now) ?? .free
    }

    private func hasRoom(_ server: Int) -> Bool {
        settings.maxConcurrentRequests.map { members[server].leases < $0 } ?? true
    }

    private var hasRoom: Bool { members.indices.contains { hasRoom($0) } }

    private mutating func decide(_ request: LeaseRequest, _ now: ContinuousClock.Instant) -> Decision {
        let candidates = candidates(request)
        var open: [LeaseRefusal.OpenCircuit] = []
        var unprobed: Set<Int> = []
        let usable = candidates.filter { server in
            switch admission(server, now) {
            case .free, .trial(isProbed: true): return true
            case .trial(isProbed: false):
                unprobed.insert(server)
                return true
            case .refused(let until):
                if let opening = members[server].breaker?.opening {
                    open.append(LeaseRefusal.OpenCircuit(server: server, opening: opening, until: until))
                }
                return false
            }
        }
        guard !usable.isEmpty else { return .refuse(.circuitsOpen(open)) }
        let free = usable.preferring { !request.tried.contains($0) }.filter { hasRoom($0) }
        guard !free.isEmpty else { return .wait(LeaseDelay(setting: "max_concurrent_requests")) }
        if let delay = limiter.delay(tokens: request.tokens, now) { return .wait(delay) }
        // A probe finds out without making a call wait, where there is another server.
        return .grant(choice(of: settings.healthCheckInterval == nil ? free : free.preferring { !unprobed.contains($0) }, now))
    }

    private func choice(of servers: [Int], _ now: ContinuousClock.Instant) -> Int {
        switch settings.selection {
        case .ordered: servers[0]
        case .leastBusy: servers.min { members[$0].requests(now) < members[$1].requests(now) } ?? servers[0]
        }
    }

    private mutating func take(_ server: Int, tokens: Int, _ now: ContinuousClock.Instant) -> LeaseGrant {
        members[server].leases += 1
        let permit = members[server].breaker?.begin()
        return LeaseGrant(server: server, permit: permit, charge: limiter.charge(tokens: tokens, now))
    }
}

extension ServerPoolState.Member {
    /// How many requests the server has, as far as it is known.
    fileprivate func requests(_ now: ContinuousClock.Instant) -> Int {
        guard let load, now < load.time + ReportedLoad.lifetime else { return leases }
        return load.estimate(leases: leases)
    }
}

extension [Int] {
    /// Those that meet a condition; where none does, all.
    fileprivate func preferring(_ isPreferred: (Int) -> Bool) -> [Int] {
        let preferred = filter(isPreferred)
        return preferred.isEmpty ? self : preferred
    }
}

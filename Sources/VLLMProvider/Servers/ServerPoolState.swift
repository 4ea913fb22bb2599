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
    var limiter: RateLimiter
    private var line = WaitingLine<LeaseRequest>()
    /// What the last one in line waits for that was looked at: where that is a time, everybody behind waits for it, too.
    private var lastDelay: LeaseDelay?
    /// What became of those in line that nobody was told yet.
    private var answers: [(number: Int, answer: Answer)] = []

    init(_ settings: ServerSettings) {
        self.settings = settings
        members = settings.baseURLs.map { _ in Member(breaker: settings.circuitBreaker.map { CircuitBreaker($0) }) }
        limiter = RateLimiter(requestsPerMinute: settings.requestsPerMinute, tokensPerMinute: settings.tokensPerMinute)
    }

    /// How many stand in line.
    var waitingCount: Int { line.count }

    /// Asks for leave. Whoever is told to wait stands behind all others; `settle` tells when to stop.
    mutating func ask(_ request: LeaseRequest, _ now: ContinuousClock.Instant) -> Answer {
        // Those in line come first.
        advance(now)
        let delay: LeaseDelay
        switch decide(request, now) {
        case .grant(let server):
            // Those who are still in line wait for other servers, unless they wait for a time.
            guard !line.isEmpty, let lastDelay, lastDelay.until != nil else {
                return .granted(take(server, tokens: request.tokens, now))
            }
            delay = lastDelay
        case .refuse(let refusal): return .refused(refusal)
        case .wait(let reason): delay = reason
        }
        guard line.count < settings.queueLimit else { return .refused(.queueFull(delay)) }
        if line.isEmpty { lastDelay = delay }
        return .waits(line.append(request), for: delay)
    }

    /// Lets those go who may, and sends those away for whom no server is left.
    mutating func settle(_ now: ContinuousClock.Instant) -> Settlement {
        advance(now)
        defer { answers = [] }
        return Settlement(answers: answers, wake: line.isEmpty ? nil : wake(now))
    }

    private mutating func advance(_ now: ContinuousClock.Instant) {
        lastDelay = nil
        guard !line.isEmpty else { return }
        // Taken out, so that the rest of the state can change meanwhile.
        var line = WaitingLine<LeaseRequest>()
        swap(&line, &self.line)
        line.visit { number, request in
            switch decide(request, now) {
            case .grant(let server): answers.append((number, .granted(take(server, tokens: request.tokens, now))))
            case .refuse(let refusal): answers.append((number, .refused(refusal)))
            case .wait(let delay):
                lastDelay = delay
                // Those behind may be waiting for another server than this one.
                return delay.until == nil && hasRoom(now) ? false : nil
            }
            return true
        }
        swap(&line, &self.line)
    }

    /// When to look again at those in line: when the limits of a minute give room, or a server may be tried again or is to be probed.
    private func wake(_ now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        var times = [lastDelay?.until].compactMap(\.self)
        for member in members {
            guard let breaker = member.breaker, breaker.opening != nil else { continue }
            if case .refused(let until, _) = breaker.admission(now) { times.append(until) }
            if breaker.wantsProbe, !member.isProbing, let next = member.nextProbe { times.append(next) }
        }
        return times.min()
    }

    /// Somebody leaves the line.
    mutating func leave(_ number: Int) {
        _ = line.remove(number)
    }

    /// Whether a server may be asked now that the call has not asked before.
    func hasUntried(_ request: LeaseRequest, _ now: ContinuousClock.Instant) -> Bool {
        candidates(request).contains { !request.tried.contains($0) && hasRoom($0) && isAdmitted($0, now) }
    }

    /// The servers that have the model, as far as it is known.
    private func candidates(_ request: LeaseRequest) -> [Int] {
        Array(members.indices).preferring { !request.lacking.contains($0) }
    }

    private func admission(_ server: Int, _ now: ContinuousClock.Instant) -> CircuitBreaker.Admission {
        members[server].breaker?.admission(now) ?? .free
    }

    private func isAdmitted(_ server: Int, _ now: ContinuousClock.Instant) -> Bool {
        if case .refused = admission(server, now) { false } else { true }
    }

    private func hasRoom(_ server: Int) -> Bool {
        settings.maxConcurrentRequests.map { members[server].leases < $0 } ?? true
    }

    /// Whether there is a server that could take a call. Where there is none, the line need not be looked through.
    private func hasRoom(_ now: ContinuousClock.Instant) -> Bool {
        members.indices.contains { hasRoom($0) && isAdmitted($0, now) }
    }

    private mutating func decide(_ request: LeaseRequest, _ now: ContinuousClock.Instant) -> Decision {
        let candidates = candidates(request)
        var open: [LeaseRefusal.OpenCircuit] = []
        var early: Set<Int> = []
        let usable = candidates.filter { server in
            switch admission(server, now) {
            case .free, .trial(isDue: true): return true
            case .trial(isDue: false):
                early.insert(server)
                return true
            case .refused(let until, let isOnTrial):
                if let opening = members[server].breaker?.opening {
                    open.append(LeaseRefusal.OpenCircuit(server: server, opening: opening, until: until, isOnTrial: isOnTrial))
                }
                return false
            }
        }
        guard !usable.isEmpty else { return .refuse(.circuitsOpen(open)) }
        let free = usable.filter { hasRoom($0) }.preferring { !request.tried.contains($0) }
        guard !free.isEmpty else { return .wait(LeaseDelay(setting: "max_concurrent_requests")) }
        if let delay = limiter.delay(tokens: request.tokens, now) { return .wait(delay) }
        // A probe finds out without making a call wait, where there is another server.
        return .grant(choice(of: settings.healthCheckInterval == nil ? free : free.preferring { !early.contains($0) }, now))
    }

    private func choice(of servers: [Int], _ now: ContinuousClock.Instant) -> Int {
        switch settings.selection {
        case .ordered: servers[0]
        case .leastBusy: servers.min { members[$0].requests(now) < members[$1].requests(now) } ?? servers[0]
        }
    }

    private mutating func take(_ server: Int, tokens: Int, _ now: ContinuousClock.Instant) -> LeaseGrant {
        members[server].leases += 1
        let permit = members[server].breaker?.begin(now)
        return LeaseGrant(server: server, permit: permit, charge: limiter.charge(tokens: tokens, now), time: now)
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

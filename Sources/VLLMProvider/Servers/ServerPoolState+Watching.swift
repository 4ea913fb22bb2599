/// What is found out about servers beside the calls.
extension ServerPoolState {
    /// The servers that are to be probed now; each is told of its outcome by `probed`.
    mutating func takeDueProbes(_ now: ContinuousClock.Instant) -> [Int] {
        members.indices.filter { server in
            guard members[server].breaker?.wantsProbe ?? false, !members[server].isProbing else { return false }
            guard let next = members[server].nextProbe, next <= now else { return false }
            members[server].isProbing = true
            return true
        }
    }

    /// A server has passed or failed a probe.
    mutating func probed(_ server: Int, isWell: Bool, _ now: ContinuousClock.Instant) {
        members[server].isProbing = false
        let next = settings.healthCheckInterval.map { now + $0 }
        members[server].nextProbe = next
        if isWell { members[server].breaker?.passedProbe() } else { members[server].breaker?.failedProbe(next: next ?? now, now) }
    }

    /// Whether the servers are to be asked now how busy they are; each is told of by `reported`.
    mutating func takeDuePoll(_ now: ContinuousClock.Instant) -> LoadPoll {
        guard settings.selection == .leastBusy, members.count > 1 else { return .none }
        let age = lastPoll.map { now - $0 }
        if let age, age < Self.pollInterval { return .none }
        lastPoll = now
        return age.map { $0 < ReportedLoad.lifetime } ?? false ? .inBackground : .first
    }

    /// A server has told how many requests it has, or does not tell. One that cannot be reached is the last to be chosen.
    mutating func reported(_ server: Int, _ load: ServerLoad, _ now: ContinuousClock.Instant) {
        let requests: Int
        switch load {
        case .requests(let count): requests = count
        case .unreachable: requests = .max
        case .untold: return members[server].load = nil
        case .unasked: return
        }
        members[server].load = ReportedLoad(requests: requests, leases: members[server].leases, time: now)
    }
}

extension ServerPoolState {
    /// How the servers are to be asked how busy they are.
    enum LoadPoll {
        /// Not now.
        case none
        /// Without anybody waiting for it: what they said last still tells something.
        case inBackground
        /// Nothing is known: it is worth a moment.
        case first
    }

    /// How often the servers are asked, while calls are made.
    static let pollInterval = Duration.seconds(1)
}

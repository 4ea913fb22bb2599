/// The repairs that a provider has told of. A broken conversation is repaired in every request that holds it, and told of once.
struct ReportedRepairs {
    /// Of how many the memory is kept.
    static let capacity = 1000
    private var known: Set<ToolSequenceRepair> = []
    /// The known ones, the oldest at `oldest` once there is no more room.
    private var order: [ToolSequenceRepair] = []
    private var oldest = 0

    /// Those that have not been told of; from now on they have.
    mutating func unreported(_ repairs: [ToolSequenceRepair]) -> [ToolSequenceRepair] {
        repairs.filter { repair in
            guard known.insert(repair).inserted else { return false }
            if order.count < Self.capacity {
                order.append(repair)
            } else {
                known.remove(order[oldest])
                order[oldest] = repair
                oldest = (oldest + 1) % Self.capacity
            }
            return true
        }
    }
}

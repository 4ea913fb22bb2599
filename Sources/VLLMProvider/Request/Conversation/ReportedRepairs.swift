import ProviderKit

/// The repairs that a provider has told of. A broken conversation is repaired in every request that holds it, and told of once.
struct ReportedRepairs {
    /// A repair under the name of its conversation: servers' call ids may be the same in all conversations (`call_0`).
    private struct Entry: Hashable {
        /// The host's name of the conversation.
        var conversationID: String?
        /// Without one, the hash of what was said before.
        var history: Int?
        var kind: ToolSequenceRepair.Kind
        var callID: String?
        var toolName: String?
    }

    /// Of how many the memory is kept.
    static let capacity = 1000
    private var known: Set<Entry> = []
    /// The known ones, the oldest at `oldest` once there is no more room.
    private var order: [Entry] = []
    private var oldest = 0

    /// Those of a request's repairs that have not been told of; from now on they have.
    mutating func unreported(_ repairs: [ToolSequenceRepair], in request: ChatRequest) -> [ToolSequenceRepair] {
        guard !repairs.isEmpty else { return [] }
        let conversationID = request.conversationID.flatMap { $0.isEmpty ? nil : $0 }
        let histories = conversationID == nil ? Self.histories(of: request.messages) : []
        // In one conversation an id is told once, by the place where it is found first.
        var seen: Set<Entry> = []
        return repairs.filter { repair in
            var entry = Entry(conversationID: conversationID, kind: repair.kind, callID: repair.callID, toolName: repair.toolName)
            guard seen.insert(entry).inserted else { return false }
            if conversationID == nil { entry.history = histories[repair.messageIndex] }
            return insert(entry)
        }
    }

    /// For each message the hash of those before it. What a host tells the model of the time or the place may differ in each request.
    private static func histories(of messages: [Message]) -> [Int] {
        var hasher = Hasher()
        return messages.map { message in
            defer { if message.role != .system, message.role != .developer { hasher.combine(message) } }
            return hasher.finalized
        }
    }

    private mutating func insert(_ entry: Entry) -> Bool {
        guard known.insert(entry).inserted else { return false }
        if order.count < Self.capacity {
            order.append(entry)
        } else {
            known.remove(order[oldest])
            order[oldest] = entry
            oldest = (oldest + 1) % Self.capacity
        }
        return true
    }
}

extension Hasher {
    /// The hash of what was fed so far.
    fileprivate var finalized: Int {
        let copy = self
        return copy.finalize()
    }
}

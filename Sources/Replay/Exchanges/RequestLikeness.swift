import JSON

/// What bodies of requests have in common, told from hashes that are made once: a log may have hundreds of conversations of some
/// megabytes, and each request that it does not have is compared with all of them.
struct RequestLikeness {
    private let messages: [Int]
    private let members: [String: Int]

    /// - Parameter body: in canonical spelling.
    init(_ body: JSONValue) {
        messages = body["messages"]?.array?.map(\.hashValue) ?? []
        members = (body.object ?? [:]).reduce(into: [:]) { members, member in
            if member.key != "messages" { members[member.key] = member.value.hashValue }
        }
    }

    /// How much is the same: messages from the first on, then other members.
    func score(against other: RequestLikeness) -> Int {
        zip(messages, other.messages).prefix { $0 == $1 }.count * 100 + members.count { other.members[$0.key] == $0.value }
    }
}

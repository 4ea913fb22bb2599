import VLLMClient

/// What belongs to one attempt of a call, which asks one server.
struct CallAttempt {
    /// Leave to ask the server; `nil` before it is given.
    var lease: ServerLease?
    /// What was sent, for what goes on from it.
    var sent: VLLMCore.SentCall?
    /// The servers that the call has asked, this one included.
    var tried: Set<BaseURL> = []
    private var hasAnswered = false

    /// A part of the answer has arrived.
    mutating func answered() {
        guard !hasAnswered else { return }
        hasAnswered = true
        lease?.answered()
    }

    /// The server is asked.
    mutating func begin(_ lease: ServerLease) {
        self.lease = lease
        tried.insert(lease.core.settings.baseURL)
        hasAnswered = false
    }

    /// The server's core, or that of the provider before there is one.
    func core(_ all: VLLMCore) -> VLLMCore { lease?.core ?? all }
}

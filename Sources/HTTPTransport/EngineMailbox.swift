/// What other threads ask of the engine's thread. A value without I/O, kept behind a lock.
struct EngineMailbox {
    /// A request to the engine.
    enum Command {
        case start(CurlTransfer, CurlTransfer.HeadWaiter)
        case resume(CurlTransfer)
        case cancel(CurlTransfer)
        case watch(CurlTransfer)
        case close
    }

    /// What is to be done, in the order in which it was asked for.
    struct Mail {
        var commands: [Command] = []
        var jobs: [UnownedJob] = []

        var isEmpty: Bool { commands.isEmpty && jobs.isEmpty }
    }

    /// What became of something that was put in.
    enum Reception {
        /// The engine's thread will see it.
        case taken
        /// The engine's thread sleeps and has to be woken.
        case takenWhileAsleep
        /// The engine has stopped.
        case refused
    }

    private enum State { case awake, asleep, stopped }

    private var mail = Mail()
    private var state = State.awake

    /// Puts a command in.
    mutating func put(_ command: Command) -> Reception {
        let reception = receive()
        if reception != .refused { mail.commands.append(command) }
        return reception
    }

    /// Puts a job in.
    mutating func put(_ job: UnownedJob) -> Reception {
        let reception = receive()
        if reception != .refused { mail.jobs.append(job) }
        return reception
    }

    /// Takes all there is into `taken`, whose memory is used for what comes next.
    /// - Returns: whether there was something; if not, whoever puts something in from now on is told to wake the engine.
    mutating func take(into taken: inout Mail) -> Bool {
        taken.commands.removeAll(keepingCapacity: true)
        taken.jobs.removeAll(keepingCapacity: true)
        swap(&mail, &taken)
        state = taken.isEmpty ? .asleep : .awake
        return !taken.isEmpty
    }

    /// The engine is awake.
    mutating func wakeUp() { state = .awake }

    /// As `take(into:)`; when there is nothing more, nothing more is accepted.
    mutating func takeLast(into taken: inout Mail) -> Bool {
        let found = take(into: &taken)
        if !found { state = .stopped }
        return found
    }

    private mutating func receive() -> Reception {
        switch state {
        case .stopped: return .refused
        case .awake: return .taken
        case .asleep:
            state = .awake
            return .takenWhileAsleep
        }
    }
}

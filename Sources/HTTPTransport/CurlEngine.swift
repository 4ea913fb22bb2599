import Locks

/// The thread on which all exchanges of a transport happen, and the door to it.
///
/// Everything that belongs to libcurl is touched by this thread alone; others put commands into the mailbox. Only this thread
/// resumes those who wait for it, so nobody can be resumed twice, or under somebody's lock.
final class CurlEngine: TaskExecutor {
    /// How many times commands and jobs are run before the sockets get their turn again.
    private static let roundsPerTurn = 16

    private let options: CurlTransport.Options
    private let mailbox = Guarded(EngineMailbox())
    private let poller = Poller()
    /// Why the engine never ran.
    private let startFailure = Guarded<TransportError?>(nil)

    init(options: CurlTransport.Options) {
        self.options = options
        // Without a poller (no file descriptor left) or a thread, the engine is closed from the start.
        if poller == nil || !BackgroundThread.start({ self.run() }) {
            startFailure.withLock { $0 = TransportError(.other, "the network cannot be used: no thread or file descriptor is left") }
            finish(nil)
        }
    }

    /// Whether there is a thread, or was one.
    var hasStarted: Bool { startFailure.withLock { $0 } == nil }

    /// Starts an exchange; `waiter` gets its head, or why there is none.
    func start(_ transfer: CurlTransfer, _ waiter: CurlTransfer.HeadWaiter) {
        guard !put(.start(transfer, waiter)) else { return }
        waiter.resume(returning: .failure(startFailure.withLock { $0 } ?? .transportClosed))
    }

    /// Goes on with an exchange whose reader has caught up.
    func resume(_ transfer: CurlTransfer) { put(.resume(transfer)) }

    /// Looks after the limit of somebody who reads.
    func watch(_ transfer: CurlTransfer) { put(.watch(transfer)) }

    /// Ends an exchange and closes its connection.
    func cancel(_ transfer: CurlTransfer) { put(.cancel(transfer)) }

    /// Ends all exchanges and the thread.
    func close() { put(.close) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        switch mailbox.withLock({ $0.put(job) }) {
        case .taken: break
        case .takenWhileAsleep: poller?.wake()
        case .refused: globalConcurrentExecutor.enqueue(job)
        }
    }

    @discardableResult
    private func put(_ command: EngineMailbox.Command) -> Bool {
        switch mailbox.withLock({ $0.put(command) }) {
        case .taken: return true
        case .takenWhileAsleep:
            poller?.wake()
            return true
        case .refused: return false
        }
    }

    /// The thread's life.
    fileprivate func run() {
        guard let poller else { return }
        ExitGate.shared.enter()
        let multi = CurlMulti(options: options, poller: poller)
        var mail = EngineMailbox.Mail()
        var ready: [ReadySocket] = []
        while !multi.isClosed { turn(multi, poller, &mail, &ready) }
        finish(multi)
        ExitGate.shared.leave()
    }

    /// What others asked for, then the sockets.
    private func turn(_ multi: CurlMulti, _ poller: Poller, _ mail: inout EngineMailbox.Mail, _ ready: inout [ReadySocket]) {
        var rounds = 0
        var isIdle = false
        while rounds < Self.roundsPerTurn, !isIdle {
            isIdle = !mailbox.withLock { $0.take(into: &mail) }
            perform(mail, multi)
            rounds += 1
        }
        guard !multi.isClosed else { return }
        let milliseconds = isIdle ? multi.millisecondsToTimeout() : 0
        ExitGate.shared.leave()
        poller.wait(milliseconds: milliseconds, all: multi.hasStarts, into: &ready)
        ExitGate.shared.enter()
        if isIdle { mailbox.withLock { $0.wakeUp() } }
        multi.act(on: ready)
    }

    private func perform(_ mail: EngineMailbox.Mail, _ multi: CurlMulti?) {
        for command in mail.commands {
            switch command {
            case .start(let transfer, let waiter):
                guard transfer.start(waiter) else { continue }
                if let multi { multi.start(transfer) } else { transfer.finish(.transportClosed) }
            case .resume(let transfer): multi?.resume(transfer)
            case .watch(let transfer): multi?.watch(transfer)
            case .cancel(let transfer):
                multi?.remove(transfer)
                transfer.finish(.cancelledByCaller)
            case .close: multi?.close()
            }
        }
        if !mail.commands.isEmpty { multi?.deliver() }
        let executor = asUnownedTaskExecutor()
        for job in mail.jobs { job.runSynchronously(on: executor) }
    }

    /// Handles what was asked for until now and refuses the rest.
    private func finish(_ multi: CurlMulti?) {
        var mail = EngineMailbox.Mail()
        while mailbox.withLock({ $0.takeLast(into: &mail) }) { perform(mail, multi) }
    }
}

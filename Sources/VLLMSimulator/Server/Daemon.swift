internal import CMicrohttpd
import Locks

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The HTTP server under a simulator: libmicrohttpd with a thread a connection, so that a slow stream holds up nobody.
final class Daemon: Sendable {
    private struct State {
        /// Where the running daemons are in memory, the one that listens last. As numbers, because a pointer may not leave a lock.
        var running: [UInt] = []
        /// Sockets that have stopped listening; their daemons may look at them for as long as they run.
        var deaf: [Int32] = []
        var isRefusing = false
        var isStopped = false
    }

    private let state = Guarded(State())
    private let core: Core
    private let listeningPort: ListeningPort
    private let identity: TLSStrings?

    /// The port it listens on.
    var port: Int { listeningPort.number }

    init(host: String, port: Int, identity: TLSIdentity?, core: Core) throws(SimulatorError) {
        self.core = core
        self.identity = identity.map(TLSStrings.init)
        listeningPort = try ListeningPort(host: host, port: port)
        do {
            let started = try start()
            state.withLock { $0.running = [started] }
        } catch {
            listeningPort.release()
            throw error
        }
    }

    /// Cuts all connections and returns when their threads have ended.
    func stop() {
        core.stopping.open()
        let old = state.withLock { state in
            let old: State? = state.isStopped ? nil : state
            state = State(isStopped: true)
            return old
        }
        guard let old else { return }
        for daemon in old.running { MHD_stop_daemon(OpaquePointer(bitPattern: daemon)) }
        for socket in old.deaf { close(socket) }
        listeningPort.release()
    }

    /// Refuses connections, and cuts those that there are at their next request.
    func refuse() {
        core.isRefusing.withLock { $0 = true }
        state.withLock { state in
            guard !state.isRefusing, let last = state.running.last else { return }
            state.isRefusing = true
            let socket = MHD_quiesce_daemon(OpaquePointer(bitPattern: last))
            // Closing it is not allowed while the daemon runs.
            shutdown(socket, Int32(SHUT_RDWR))
            state.deaf.append(socket)
        }
    }

    /// Accepts connections again.
    func accept() throws(SimulatorError) {
        let isDue = state.withLock { state in
            defer { state.isRefusing = false }
            return state.isRefusing && !state.isStopped
        }
        guard isDue else { return }
        let started = try start()
        let isStopped = state.withLock { state in
            if !state.isStopped { state.running.append(started) }
            return state.isStopped
        }
        if isStopped { MHD_stop_daemon(OpaquePointer(bitPattern: started)) }
        core.isRefusing.withLock { $0 = false }
    }

    /// Refuses connections for so long; without a time until `accept()` is called.
    func refuse(for time: Duration?) {
        refuse()
        guard let time else { return }
        let end = ContinuousClock.now + time
        let stop = core.stopping
        let hasThread = BackgroundThread.start { [weak self] in
            guard case .passed = Waiter(socket: -1, stop: stop.descriptor).wait(until: end) else { return }
            try? self?.accept()
        }
        if !hasThread { try? accept() }
    }

    private func start() throws(SimulatorError) -> UInt {
        let listener = try listeningPort.listen()
        let context = Unmanaged.passUnretained(core).toOpaque()
        // The daemon owns the socket from here on, also where it does not start.
        guard
            let daemon = cmicrohttpd_start(listener, identity?.certificate, identity?.key, handleAccess, handleCompleted, context)
        else { throw SimulatorError("the server on port \(port) does not start: \(String(cString: strerror(errno)))") }
        return UInt(bitPattern: daemon)
    }
}

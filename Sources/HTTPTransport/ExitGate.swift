import Locks

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The gate through which the engines' threads go to libcurl, and which closes when the program ends.
///
/// A program that returns from `main` or calls `exit` runs its libraries' exit handlers while its other threads go on. OpenSSL's frees
/// what connections live from, so that a thread that works on one crashes. The handler here runs before it, being registered later, and
/// keeps all engines out of libcurl from then on.
final class ExitGate: Sendable {
    private struct State {
        var isClosed = false
        /// How many threads are behind the gate.
        var inside = 0
    }

    static let shared = ExitGate()

    private let state = Guarded(State())

    /// Makes the gate close when the program ends.
    /// - Returns: whether the system takes one more exit handler.
    func install() -> Bool { atexit(closeSharedGate) == 0 }

    /// Goes in. A thread that comes too late stays here until the process is gone.
    func enter() {
        let isOpen = state.withLock { state in
            if !state.isClosed { state.inside += 1 }
            return !state.isClosed
        }
        while !isOpen { sleep(.max) }
    }

    /// Comes out.
    func leave() { state.withLock { $0.inside -= 1 } }

    /// Lets nobody in any more, and waits for those who are inside: that is the time of one call of libcurl. No longer than a second,
    /// since it may be one of them that ends the program.
    func close() {
        var isEmpty = state.withLock { state in
            state.isClosed = true
            return state.inside == 0
        }
        for _ in 0..<1000 where !isEmpty {
            usleep(1000)
            isEmpty = state.withLock { $0.inside == 0 }
        }
    }
}

private func closeSharedGate() { ExitGate.shared.close() }

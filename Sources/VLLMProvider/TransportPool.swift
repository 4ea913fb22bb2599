import HTTPTransport
import Locks

/// The transports of the providers of a process: those whose settings ask for the same have one, with its thread and its connections.
///
/// A transport each would be a thread each, of which every token wakes one up; one thread reads what has arrived for all in one go.
public final class TransportPool: Sendable {
    /// A provider's share of a transport, which is closed with the last share.
    final class Share: Sendable {
        let transport: CurlTransport
        private let pool: TransportPool
        private let isHeld = Guarded(true)

        fileprivate init(_ transport: CurlTransport, of pool: TransportPool) {
            self.transport = transport
            self.pool = pool
        }

        // Who still reads an answer has the transport: without them it closes itself.
        deinit { _ = giveBack() }

        /// Gives the share back. Doing so twice is once.
        func close() {
            if giveBack() { transport.close() }
        }

        /// Returns whether it was the last one.
        private func giveBack() -> Bool {
            let wasHeld = isHeld.withLock { isHeld in
                defer { isHeld = false }
                return isHeld
            }
            return wasHeld && pool.giveBack(transport)
        }
    }

    private struct Entry {
        let transport: CurlTransport
        var shares: Int
    }

    private let entries = Guarded<[CurlTransport.Options: Entry]>([:])

    /// A pool without transports.
    public init() {}

    /// A share of the transport with such options.
    func share(_ options: CurlTransport.Options) -> Share {
        if let transport = take(options, or: nil) { return Share(transport, of: self) }
        // Its thread is not started behind the lock; somebody else may have been faster.
        let new = CurlTransport(options: options)
        // For one that cannot be used there may be a better one soon.
        return Share(new.hasStarted ? take(options, or: new) ?? new : new, of: self)
    }

    private func take(_ options: CurlTransport.Options, or new: CurlTransport?) -> CurlTransport? {
        entries.withLock { entries in
            guard let transport = entries[options]?.transport ?? new else { return nil }
            entries[options, default: Entry(transport: transport, shares: 0)].shares += 1
            return transport
        }
    }

    private func giveBack(_ transport: CurlTransport) -> Bool {
        // What is removed is let go of behind the lock.
        let removed = entries.withLock { entries -> Entry? in
            guard entries[transport.options]?.transport === transport else { return nil }
            entries[transport.options]?.shares -= 1
            return entries[transport.options]?.shares == 0 ? entries.removeValue(forKey: transport.options) : nil
        }
        return removed != nil
    }
}

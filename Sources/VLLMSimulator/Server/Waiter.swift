#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Waits on a connection's own thread, and no longer than client and simulator are there.
struct Waiter {
    /// How a wait ended.
    enum Outcome {
        case passed, interrupted
    }

    /// The client's socket; -1 for none.
    var socket: Int32
    /// A descriptor that hangs up when the simulator stops.
    var stop: Int32

    #if canImport(Darwin)
        private static let hangUp = Int16(POLLHUP)
    #else
        /// `POLLRDHUP`, which the Glibc module does not show.
        private static let hangUp: Int16 = 0x2000
    #endif

    /// Waits until the socket takes bytes.
    func waitUntilWritable() -> Outcome {
        while true {
            var descriptors = [
                pollfd(fd: socket, events: Int16(POLLOUT), revents: 0), pollfd(fd: stop, events: Int16(POLLIN), revents: 0),
            ]
            let count = poll(&descriptors, nfds_t(descriptors.count), -1)
            guard count > 0 else {
                if count < 0, errno != EINTR { return .interrupted }
                continue
            }
            return descriptors[1].revents == 0 ? .passed : .interrupted
        }
    }

    /// Waits until a moment of the continuous clock; `nil` waits for ever.
    func wait(until end: ContinuousClock.Instant?, gate: Int32 = -1) -> Outcome {
        while true {
            var milliseconds: Int32 = -1
            if let end {
                let left = ContinuousClock.now.duration(to: end)
                guard left > .zero else { return .passed }
                milliseconds = Int32(
                    clamping: left.components.seconds * 1000 + (left.components.attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
            }
            var descriptors = [
                pollfd(fd: socket, events: Self.hangUp, revents: 0), pollfd(fd: stop, events: Int16(POLLIN), revents: 0),
                pollfd(fd: gate, events: Int16(POLLIN), revents: 0),
            ]
            let count = poll(&descriptors, nfds_t(descriptors.count), milliseconds)
            guard count > 0 else {
                if count < 0, errno != EINTR { return .interrupted }
                continue
            }
            if descriptors[0].revents != 0 || descriptors[1].revents != 0 { return .interrupted }
            if descriptors[2].revents != 0 { return .passed }
        }
    }
}

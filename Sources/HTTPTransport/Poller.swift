#if canImport(Darwin)
    import Darwin
#else
    import CCurl
    import Glibc
#endif

/// A socket with something to do.
struct ReadySocket {
    let socket: Int32
    let canRead: Bool
    let canWrite: Bool
    let hasFailed: Bool
}

extension Poller {
    /// What a socket is watched for.
    struct Interest: Equatable {
        let reads: Bool
        let writes: Bool
    }
}

/// Waits until one of many sockets has something to do, or another thread wakes it. This file is all that differs between systems.
#if canImport(Darwin)
    final class Poller: @unchecked Sendable {
        // @unchecked: `watched` is touched by the thread that waits only.
        // Not tested: this project is built and tested on Linux.

        private let reader: Int32
        private let writer: Int32
        private var watched: [Int32: Int16] = [:]

        init?() {
            var ends: [Int32] = [0, 0]
            guard pipe(&ends) == 0 else { return nil }
            (reader, writer) = (ends[0], ends[1])
            for end in ends {
                _ = fcntl(end, F_SETFL, O_NONBLOCK)
                _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            }
        }

        deinit {
            Darwin.close(reader)
            Darwin.close(writer)
        }

        /// Watches a socket.
        func watch(_ socket: Int32, for interest: Interest, isNew: Bool) {
            watched[socket] = Int16((interest.reads ? POLLIN : 0) | (interest.writes ? POLLOUT : 0))
        }

        /// Watches a socket no more.
        func forget(_ socket: Int32) { watched[socket] = nil }

        /// Wakes the thread that waits, or that will; safe to call from any thread.
        func wake() {
            var byte: UInt8 = 1
            _ = write(writer, &byte, 1)
        }

        /// Puts the sockets that have something to do in place of those in `ready`.
        /// - Parameters:
        ///   - milliseconds: how long to wait for the first; -1 is for ever.
        ///   - all: puts in all that there are; otherwise some may be left for the next call, so that none waits for too many others.
        func wait(milliseconds: Int32, all: Bool, into ready: inout [ReadySocket]) {
            var polled = watched.map { pollfd(fd: $0.key, events: $0.value, revents: 0) }
            polled.append(pollfd(fd: reader, events: Int16(POLLIN), revents: 0))
            ready.removeAll(keepingCapacity: true)
            guard poll(&polled, nfds_t(polled.count), milliseconds) > 0 else { return }
            for entry in polled where entry.revents != 0 {
                let events = Int32(entry.revents)
                if entry.fd == reader {
                    var bytes = [UInt8](repeating: 0, count: 64)
                    while read(reader, &bytes, bytes.count) > 0 {}
                } else {
                    ready.append(
                        ReadySocket(
                            socket: entry.fd, canRead: events & (POLLIN | POLLHUP) != 0, canWrite: events & POLLOUT != 0,
                            hasFailed: events & (POLLERR | POLLNVAL) != 0))
                }
            }
        }
    }
#else
    final class Poller: @unchecked Sendable {
        // @unchecked: `events` is touched by the thread that waits only; the descriptors are constant.

        /// How many sockets are told of at a time where not all have to be.
        private static let usualCount = 128

        private let epoll: Int32
        private let wakeup: Int32
        /// Where the system writes what is ready.
        private var events: UnsafeMutableBufferPointer<epoll_event>

        init?() {
            epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
            guard epoll >= 0 else { return nil }
            wakeup = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
            guard wakeup >= 0 else {
                Glibc.close(epoll)
                return nil
            }
            events = .allocate(capacity: Self.usualCount)
            watch(wakeup, for: Interest(reads: true, writes: false), isNew: true)
        }

        deinit {
            Glibc.close(epoll)
            Glibc.close(wakeup)
            events.deallocate()
        }

        /// Watches a socket.
        func watch(_ socket: Int32, for interest: Interest, isNew: Bool) {
            let events = (interest.reads ? EPOLLIN.rawValue : 0) | (interest.writes ? EPOLLOUT.rawValue : 0)
            var event = epoll_event(events: events, data: epoll_data_t(fd: socket))
            if epoll_ctl(epoll, isNew ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, &event) != 0 {
                // A socket that was closed and one that came back under its number are taken as they are.
                _ = epoll_ctl(epoll, isNew ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event)
            }
        }

        /// Watches a socket no more.
        func forget(_ socket: Int32) {
            var event = epoll_event()
            _ = epoll_ctl(epoll, EPOLL_CTL_DEL, socket, &event)
        }

        /// Wakes the thread that waits, or that will; safe to call from any thread.
        func wake() {
            _ = eventfd_write(wakeup, 1)
        }

        /// Puts the sockets that have something to do in place of those in `ready`.
        /// - Parameters:
        ///   - milliseconds: how long to wait for the first; -1 is for ever.
        ///   - all: puts in all that there are; otherwise some may be left for the next call, so that none waits for too many others.
        func wait(milliseconds: Int32, all: Bool, into ready: inout [ReadySocket]) {
            ready.removeAll(keepingCapacity: true)
            var count = epoll_wait(epoll, events.baseAddress, Int32(all ? events.count : Self.usualCount), milliseconds)
            while all, count == events.count {
                // What was told is told again, and what did not fit, too.
                let capacity = 2 * events.count
                events.deallocate()
                events = .allocate(capacity: capacity)
                count = epoll_wait(epoll, events.baseAddress, Int32(capacity), 0)
            }
            for event in events.prefix(max(0, Int(count))) {
                if event.data.fd == wakeup {
                    var value: eventfd_t = 0
                    _ = eventfd_read(wakeup, &value)
                } else {
                    ready.append(
                        ReadySocket(
                            socket: event.data.fd, canRead: event.events & (EPOLLIN.rawValue | EPOLLHUP.rawValue) != 0,
                            canWrite: event.events & EPOLLOUT.rawValue != 0, hasFailed: event.events & EPOLLERR.rawValue != 0))
                }
            }
        }
    }
#endif

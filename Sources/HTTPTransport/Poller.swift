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

/// Waits until one of many sockets has something to do, or another thread wakes it. This file is all that differs between systems.
#if canImport(Darwin)
    final class Poller: @unchecked Sendable {
        // @unchecked: `watched` and `ready` are touched by the thread that waits only.
        // Not tested: this project is built and tested on Linux.

        private let reader: Int32
        private let writer: Int32
        private var watched: [Int32: Int16] = [:]
        private var ready: [ReadySocket] = []

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
        func watch(_ socket: Int32, isNew: Bool, reads: Bool, writes: Bool) {
            watched[socket] = Int16((reads ? POLLIN : 0) | (writes ? POLLOUT : 0))
        }

        /// Watches a socket no more.
        func forget(_ socket: Int32) { watched[socket] = nil }

        /// Wakes the thread that waits, or that will; safe to call from any thread.
        func wake() {
            var byte: UInt8 = 1
            _ = write(writer, &byte, 1)
        }

        /// The sockets that have something to do, waiting for the first at most so long; -1 waits for ever.
        func wait(milliseconds: Int32) -> [ReadySocket] {
            var polled = watched.map { pollfd(fd: $0.key, events: $0.value, revents: 0) }
            polled.append(pollfd(fd: reader, events: Int16(POLLIN), revents: 0))
            ready.removeAll(keepingCapacity: true)
            guard poll(&polled, nfds_t(polled.count), milliseconds) > 0 else { return ready }
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
            return ready
        }
    }
#else
    final class Poller: @unchecked Sendable {
        // @unchecked: `events` and `ready` are touched by the thread that waits only; the descriptors are constant.

        private let epoll: Int32
        private let wakeup: Int32
        private var events = [epoll_event](repeating: epoll_event(), count: 128)
        private var ready: [ReadySocket] = []

        init?() {
            epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
            guard epoll >= 0 else { return nil }
            wakeup = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
            guard wakeup >= 0 else {
                Glibc.close(epoll)
                return nil
            }
            watch(wakeup, isNew: true, reads: true, writes: false)
        }

        deinit {
            Glibc.close(epoll)
            Glibc.close(wakeup)
        }

        /// Watches a socket.
        func watch(_ socket: Int32, isNew: Bool, reads: Bool, writes: Bool) {
            let interest = (reads ? EPOLLIN.rawValue : 0) | (writes ? EPOLLOUT.rawValue : 0)
            var event = epoll_event(events: interest, data: epoll_data_t(fd: socket))
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

        /// The sockets that have something to do, waiting for the first at most so long; -1 waits for ever.
        func wait(milliseconds: Int32) -> [ReadySocket] {
            ready.removeAll(keepingCapacity: true)
            let count = epoll_wait(epoll, &events, Int32(events.count), milliseconds)
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
            return ready
        }
    }
#endif

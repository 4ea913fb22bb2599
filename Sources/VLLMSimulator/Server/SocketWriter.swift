internal import CGnuTLS

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Writes to a connection's socket, past libmicrohttpd.
struct SocketWriter {
    let waiter: Waiter
    /// The TLS session, where TLS is spoken.
    let session: UnsafeMutableRawPointer?

    /// Writes all bytes; `false` where the connection broke or the simulator stops.
    func write(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes(send)
            if count > 0 {
                rest = rest.dropFirst(count)
            } else {
                guard count == 0, case .passed = waiter.waitUntilWritable() else { return false }
            }
        }
        return true
    }

    /// Breaks the connection with a RST, when what was written has arrived: a reset would take it along.
    func reset() {
        for _ in 0..<1000 where pendingBytes > 0 { poll(nil, 0, 1) }
        var now = linger(l_onoff: 1, l_linger: 0)
        setsockopt(waiter.socket, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
        // Whoever owns the descriptor says goodbye before closing it, which would be no reset: it gets another one to close.
        let nothing = open("/dev/null", O_RDWR | O_CLOEXEC)
        guard nothing >= 0 else { return }
        dup2(nothing, waiter.socket)
        close(nothing)
    }

    /// How many bytes were taken; 0 where none fit now, less where it is over.
    private func send(_ bytes: UnsafeRawBufferPointer) -> Int {
        if let session {
            let count = gnutls_record_send(OpaquePointer(session), bytes.baseAddress, bytes.count)
            return count == GNUTLS_E_AGAIN || count == GNUTLS_E_INTERRUPTED ? 0 : count == 0 ? -1 : count
        }
        #if canImport(Darwin)
            let count = Darwin.send(waiter.socket, bytes.baseAddress, bytes.count, 0)
        #else
            let count = Glibc.send(waiter.socket, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
        #endif
        return count < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : count == 0 ? -1 : count
    }

    /// How many written bytes the other side has not confirmed.
    private var pendingBytes: Int32 {
        var count: Int32 = 0
        return ioctl(waiter.socket, UInt(TIOCOUTQ), &count) == 0 ? count : 0
    }
}

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The server's end of a connection. Its calls block: they are for the server's threads.
final class Peer: @unchecked Sendable {
    // @unchecked: one thread reads; a thread that sends at the same time touches the descriptor only.

    /// A request as it came over the wire.
    struct Request: Sendable {
        var head: String
        var body: [UInt8]

        var path: String { String(head.split(separator: " ")[1]) }
        var method: String { String(head.split(separator: " ")[0]) }

        func header(_ name: String) -> String? {
            head.split(separator: "\r\n").dropFirst().first { $0.lowercased().hasPrefix(name.lowercased() + ":") }
                .map { String($0.drop { $0 != ":" }.dropFirst().drop { $0 == " " }) }
        }
    }

    let socket: Int32
    /// The number of the connection, from 1.
    let number: Int
    private var unread: [UInt8] = []

    init(socket: Int32, number: Int) {
        self.socket = socket
        self.number = number
    }

    /// The next request, or `nil` when the client has closed.
    func readRequest() -> Request? {
        while true {
            if let end = endOfHead() {
                let head = String(decoding: unread[..<end], as: UTF8.self)
                let length = Request(head: head, body: []).header("Content-Length").flatMap { Int($0) } ?? 0
                while unread.count < end + length { guard readMore() else { return nil } }
                let body = Array(unread[end..<(end + length)])
                unread.removeFirst(end + length)
                return Request(head: head, body: body)
            }
            guard readMore() else { return nil }
        }
    }

    /// Waits for bytes of whatever kind, or until the client closes.
    func waitForBytes() { _ = readMore() }

    /// Waits until the client closes.
    func waitForClose() {
        while readMore() {}
    }

    /// Sends text.
    /// - Returns: whether all of it could be sent.
    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// Sends bytes.
    /// - Returns: whether all of them could be sent.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { sendPart($0) }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// Sends as much as the socket takes without waiting.
    /// - Returns: how much that was; less than one byte where it is full or closed.
    func sendWithoutWaiting(_ bytes: [UInt8]) -> Int {
        bytes.withUnsafeBytes { sendPart($0, flags: Int32(MSG_DONTWAIT)) }
    }

    /// Waits until the socket takes bytes.
    /// - Returns: whether it does within the time.
    func waitUntilWritable(milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: socket, events: Int16(POLLOUT), revents: 0)
        return poll(&entry, 1, milliseconds) > 0
    }

    /// Sends one chunk of a chunked body.
    @discardableResult
    func sendChunk(_ text: String) -> Bool { send("\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n") }

    /// Sends a whole response with a length.
    func respond(status: String = "200 OK", headers: String = "", _ body: String = "") {
        send("HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)")
    }

    /// Starts a response with a chunked body.
    func startChunked() { send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n") }

    /// Says that nothing more will be sent; what the client sends is still read.
    func endSending() { shutdown(socket, Int32(SHUT_WR)) }

    /// Breaks the connection: the client gets a reset in place of an end.
    func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    private func endOfHead() -> Int? {
        guard unread.count >= 4 else { return nil }
        for start in 0...(unread.count - 4) where unread[start] == 13 && unread[start + 2] == 13 && unread[start + 3] == 10 {
            return start + 4
        }
        return nil
    }

    private func readMore() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(socket, &buffer, buffer.count, 0)
        guard count > 0 else { return false }
        unread += buffer.prefix(count)
        return true
    }

    private func sendPart(_ bytes: UnsafeRawBufferPointer, flags: Int32 = 0) -> Int {
        #if canImport(Darwin)
            Darwin.send(socket, bytes.baseAddress, bytes.count, flags)
        #else
            Glibc.send(socket, bytes.baseAddress, bytes.count, flags | Int32(MSG_NOSIGNAL))
        #endif
    }
}

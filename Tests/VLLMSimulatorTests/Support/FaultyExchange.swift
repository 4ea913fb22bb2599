import JSON
import VLLMSimulator

/// A request that asks for a fault, and what came over the wire.
struct FaultyExchange {
    /// What is left of the connection.
    enum Ending: String, CaseIterable {
        /// The server has closed it.
        case closed
        /// The server has reset it.
        case reset
        /// It is open, and nothing comes.
        case silent
        /// It is open, and the next request is answered.
        case reusable
    }

    let socket: RawSocket
    private(set) var bytes: [UInt8] = []
    /// How the connection ended while the answer was read.
    private(set) var end: RawSocket.Received?

    init(_ simulator: VLLMSimulator, fault: String, path: String = "/v1/completions", body: JSONValue = [:]) throws {
        socket = try RawSocket(port: simulator.port)
        try send(path, body, ["\(FaultRule.headerName): \(fault)"])
    }

    /// Sends a request.
    func send(_ path: String, _ body: JSONValue = [:], _ headers: [String] = []) throws {
        let fields = headers + ["Host: x", "Content-Type: application/json", "Content-Length: \(body.bytes.count)"]
        try socket.send(Array("POST \(path) HTTP/1.1\r\n\(fields.map { $0 + "\r\n" }.joined())\r\n".utf8) + body.bytes)
    }

    /// Everything that came.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// What came behind the head.
    var body: String {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return "" }
        return String(decoding: bytes[end.upperBound...], as: UTF8.self)
    }

    /// Reads until enough is there, or nothing more comes.
    mutating func read(until isEnough: (FaultyExchange) -> Bool) async {
        while end == nil, !isEnough(self) {
            switch await socket.received() {
            case .bytes(let more): bytes += more
            case let end: self.end = end
            }
        }
    }

    /// Whether the connection has become this.
    mutating func ends(as expected: Ending) async throws -> Bool {
        switch expected {
        case .closed, .reset:
            if end == nil { end = await socket.received() }
            return end == (expected == .closed ? .closed : .reset)
        // A short time: that nothing comes can be found wrongly, but never be missed.
        case .silent:
            let next = await socket.received(within: 50)
            return end == nil && next == .silence
        case .reusable:
            bytes = []
            try send("/v1/completions")
            await read { $0.bytes.count >= 12 }
            return text.hasPrefix("HTTP/1.1 200")
        }
    }
}

import Glibc

/// A response as it came over the wire: its head, and its body in the chunks it was sent in.
struct RawExchange {
    var status = ""
    var headers: [(name: String, value: String)] = []
    /// The chunks of a chunked body, or the body as one.
    var chunks: [String] = []
    /// Whether the body is chunked.
    var isChunked = false
    /// Whether the body came to its end.
    var isComplete = false

    var body: String { chunks.joined() }

    /// Takes apart what was received; interim responses are left out.
    init(parsing bytes: [UInt8], hasBody: Bool = true) {
        let blank = Array("\r\n\r\n".utf8)
        var bytes = bytes[...]
        while bytes.starts(with: "HTTP/1.1 100".utf8), let end = bytes.firstRange(of: blank) { bytes = bytes[end.upperBound...] }
        guard let end = bytes.firstRange(of: blank) else { return }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
        var rest = bytes[end.upperBound...]
        status = String(lines[0])
        headers = lines.dropFirst().map { line in
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            return (line[..<colon].lowercased(), String(line[colon...].dropFirst().drop { $0 == " " }))
        }
        isChunked = self["transfer-encoding"] == "chunked"
        guard isChunked else {
            chunks = [String(decoding: rest, as: UTF8.self)]
            isComplete = !hasBody || self["content-length"].flatMap { Int($0) } ?? rest.count == rest.count
            return
        }
        while let line = rest.firstRange(of: Array("\r\n".utf8)),
            let size = Int(String(decoding: rest[..<line.lowerBound], as: UTF8.self), radix: 16)
        {
            rest = rest[line.upperBound...]
            isComplete = size == 0
            if isComplete || rest.count < size { break }
            chunks.append(String(decoding: rest.prefix(size), as: UTF8.self))
            rest = rest.dropFirst(size + 2)
        }
    }

    /// The value of a header field, if it is there.
    subscript(name: String) -> String? { headers.first { $0.name == name }?.value }

    /// Sends a request to a port of this machine and reads until the server closes.
    init(port: Int, method: String, path: String, headers: [(String, String)] = [], body: [UInt8] = []) throws {
        let fields =
            headers + [("Host", "localhost"), ("Connection", "close")] + (body.isEmpty ? [] : [("Content-Length", "\(body.count)")])
        let head = "\(method) \(path) HTTP/1.1\r\n" + fields.map { "\($0.0): \($0.1)\r\n" }.joined() + "\r\n"
        let socket = try RawSocket(port: port)
        try socket.send(Array(head.utf8) + body)
        self.init(parsing: try socket.readToEnd(), hasBody: method != "HEAD")
    }
}

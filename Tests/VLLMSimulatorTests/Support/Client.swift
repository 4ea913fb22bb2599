import HTTPTransport
import JSON
import VLLMSimulator

/// Posts JSON to a simulator through the production transport.
struct Client {
    static let transport = CurlTransport(options: CurlTransport.Options(proxy: ""))

    var simulator: VLLMSimulator

    func send(_ path: String, _ body: JSONValue) async throws -> HTTPResponse {
        try await Self.transport.send(
            HTTPRequest(
                method: "POST", url: simulator.baseURL + path, headers: ["content-type": "application/json"], body: body.bytes,
                timeouts: HTTPTimeouts(connect: .seconds(500))))
    }

    func json(_ path: String, _ body: JSONValue) async throws -> JSONValue {
        let response = try await send(path, body)
        return try JSONValue(parsing: await response.body.collect(upTo: 1 << 24))
    }

    /// The data of all events of a stream.
    func events(_ path: String, _ body: JSONValue) async throws -> [String] {
        let response = try await send(path, body)
        let text = String(decoding: try await response.body.collect(upTo: 1 << 24), as: UTF8.self)
        return text.split(separator: "\n\n").map { String($0.dropFirst("data: ".count)) }
    }
}

import HTTPTransport
import JSON
import TestSupport

/// A server's answer without what differs from run to run, and from the real server to the simulated one by their nature.
struct ComparedAnswer: Sendable, Equatable {
    var status: Int
    var contentType: String?
    /// The events of a stream, or the body as one.
    var parts: [String]

    /// Asks the server at `url`.
    init(_ request: ComparedRequest, of url: String) async throws {
        var headers: HTTPHeaders = ["Accept": "*/*"]
        for (name, value) in request.headers { headers[name] = value }
        headers["Authorization"] = RealServer.apiKey.map { "Bearer \($0)" }
        let response = try await RealServer.transport.send(
            HTTPRequest(method: request.method, url: url + request.path, headers: headers, body: request.body))
        status = response.status
        contentType = response.headers["content-type"]
        let text = String(decoding: try await response.body.collect(upTo: 1 << 24), as: UTF8.self)
        guard contentType?.hasPrefix("text/event-stream") == true else {
            parts = [normalised(Self.withoutCache(text[...]))]
            return
        }
        parts = text.split(separator: "\n\n").map { normalised(Self.withoutCache($0) + "\n\n") }
        // Which choice is sent next is the real server's scheduling.
        if Recording.interleaved.contains(request.name) { parts = sortedByChoice(parts) }
    }

    /// The first difference to the answer of the real server, if there is one.
    func difference(from real: ComparedAnswer) -> String? {
        guard self != real else { return nil }
        let (mine, wanted) = (["\(status) \(contentType ?? "")"] + parts, ["\(real.status) \(real.contentType ?? "")"] + real.parts)
        let place = zip(mine, wanted).prefix { $0 == $1 }.count
        let (left, right) = (mine.dropFirst(place).first ?? "nothing", wanted.dropFirst(place).first ?? "nothing")
        let same = zip(left, right).prefix { $0 == $1 }.count
        func excerpt(_ text: String) -> Substring { text.dropFirst(max(0, same - 100)).prefix(300) }
        let counts = "\(parts.count) parts, \(real.parts.count) at the real server"
        return "\(counts); the first that differs: …\(excerpt(left))… and there …\(excerpt(right))…"
    }

    /// The text without the details of the prefix cache, which the simulator does not have.
    private static func withoutCache(_ text: Substring) -> String {
        let prefix = text.hasPrefix("data: ") ? "data: " : ""
        guard let json = try? JSONValue(parsing: String(text.dropFirst(prefix.count))), var object = json.object,
            var usage = object["usage"]?.object
        else { return String(text) }
        usage["prompt_tokens_details"] = nil
        object["usage"] = .object(usage)
        return prefix + JSONValue.object(object).text
    }
}

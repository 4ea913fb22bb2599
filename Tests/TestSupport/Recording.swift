public import JSON

/// One recorded exchange with a real vLLM server: `Tests/Recordings/NAME.request.http` and `NAME.response.http`.
public struct Recording: Sendable, CustomStringConvertible {
    /// What `index.json` says about it.
    public let entry: Entry
    /// The request as it was sent.
    public let request: HTTPMessage
    /// The response, as far as it came; `nil` where none came at all.
    public let response: HTTPMessage?
    /// The response's bytes as they came over the wire, interim responses, head and framing included.
    public let responseBytes: [UInt8]

    /// The recording of this name.
    public init(_ name: String) throws {
        guard let entry = Self.all.first(where: { $0.name == name }) else { throw NoSuchRecording(name: name) }
        self.entry = entry
        let requestPath = "\(Self.folder)/\(name).request.http"
        guard let request = HTTPMessage(try fileBytes(requestPath)) else { throw NoSuchRecording(name: name) }
        self.request = request
        responseBytes = try fileBytes("\(Self.folder)/\(name).response.http")
        response = HTTPMessage(responseBytes, hasBody: entry.method != "HEAD")
    }

    /// The name, which is how test runs show it.
    public var description: String { entry.name }

    /// The name of the files.
    public var name: String { entry.name }

    /// The request's body as a JSON value.
    public func requestJSON() throws -> JSONValue { try JSONValue(parsing: request.body) }

    /// The response's body as a JSON value.
    public func responseJSON() throws -> JSONValue { try JSONValue(parsing: response?.body ?? []) }

    /// The data of each server-sent event of the response, `[DONE]` included; an event that was cut off is left out.
    public var events: [String] {
        guard let response else { return [] }
        return response.text.split(separator: "\n\n", omittingEmptySubsequences: false).dropLast().compactMap { event in
            let data = event.split(separator: "\n").filter { $0.hasPrefix("data:") }.map { line in
                String(line.dropFirst(line.hasPrefix("data: ") ? 6 : 5))
            }
            return data.isEmpty ? nil : data.joined(separator: "\n")
        }
    }

    struct NoSuchRecording: Error {
        let name: String
    }
}

extension Recording {
    /// A line of `index.json`.
    public struct Entry: Sendable, CustomStringConvertible {
        /// The name of the files.
        public let name: String
        /// Which server answered; `servers.json` has its flags.
        public let group: String
        /// The request's method.
        public let method: String
        /// The request's path, with its query.
        public let path: String
        /// The response's first status; `nil` where no response came.
        public let status: Int?
        /// The response's media type with its parameters.
        public let contentType: String?
        /// How the exchange ended: `complete`, `server closed`, `client closed` or `timeout`.
        public let ended: String
        /// How many server-sent events came.
        public let eventCount: Int?

        /// The name.
        public var description: String { name }

        init?(_ json: JSONValue) {
            guard let name = json["name"]?.string, let group = json["group"]?.string, let method = json["method"]?.string,
                let path = json["path"]?.string, let ended = json["ended"]?.string
            else { return nil }
            (self.name, self.group, self.method, self.path, self.ended) = (name, group, method, path, ended)
            status = json["status"]?.int
            contentType = json["content_type"]?.string
            eventCount = json["sse_events"]?.int
        }
    }

    /// All recordings, in the order of the index.
    public static let all: [Entry] = {
        guard let bytes = try? fileBytes("\(folder)/index.json"), let index = try? JSONValue(parsing: bytes) else { return [] }
        return (index.array ?? []).compactMap(Entry.init)
    }()

    /// The names of the recordings for which `isWanted` is true, to be the arguments of a test.
    public static func names(matching isWanted: (Entry) -> Bool) -> [String] {
        all.filter(isWanted).map(\.name)
    }

    /// The folder of the recordings.
    public static let folder = "\(testsFolder)/Recordings"

    /// The folder of all tests.
    public static let testsFolder = #filePath.split(separator: "/").dropLast(2).reduce(into: "") { $0 += "/\($1)" }
}

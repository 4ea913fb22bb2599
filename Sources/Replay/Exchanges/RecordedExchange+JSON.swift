public import JSON
public import ProviderKit
import Redaction

extension RecordedExchange {
    /// Reads the payload of an `llm:exchange:raw` record.
    /// - Throws: `ContractError` naming the member that is wrong.
    public init(json: JSONValue, line: Int? = nil) throws(ContractError) {
        guard let members = json.object else { throw ContractError(path: "data", message: "expected an object, found \(json.kind)") }
        guard let path = members["path"]?.string, path.hasPrefix("/") else {
            throw ContractError(path: "path", message: "expected the path of a URL, found \(members["path"]?.text ?? "nothing")")
        }
        self.init(method: members["method"]?.string ?? "GET", path: String(path.prefix { $0 != "?" }))
        self.line = line
        let request = members["request"]
        requestBody = request?["body"] ?? request?["body_text"] ?? request?["body_base64"]
        duration = members["duration_ms"].flatMap(Self.duration)
        if let error = members["error"]?.object {
            failure = Failure(code: error["code"]?.string ?? "other", message: error["message"]?.string ?? "")
        }
        guard let response = members["response"]?.object, let status = response["status"]?.int else {
            if failure == nil { throw ContractError(path: "response", message: "there is neither an answer nor an error") }
            return
        }
        guard 100...599 ~= status else { throw ContractError(path: "response.status", message: "expected an HTTP status, found \(status)") }
        let headers = (response["headers"]?.array ?? []).compactMap { field -> (name: String, value: String)? in
            guard let name = field[0]?.string, let value = field[1]?.string else { return nil }
            return (name, value)
        }
        head = Head(status: status, headers: headers)
        if let encoded = response["body_base64"]?.string {
            guard let bytes = Base64Text.decode(encoded) else {
                throw ContractError(path: "response.body_base64", message: "is not base64")
            }
            body = bytes
        } else if response["is_redacted"] == true, response["body"] == .string(Redactor.mask) {
            throw ContractError(path: "response.body", message: "was not recorded: there was a secret in it")
        } else {
            body = Array((response["body"]?.string ?? "").utf8)
        }
        isTruncated = response["is_truncated"] == true
        chunks = Self.chunks(response["chunks"]?.array ?? [], of: body.count)
    }

    /// The reads, as far as they are of this body; what they do not tell of came with the last one.
    private static func chunks(_ told: [JSONValue], of total: Int) -> [Chunk] {
        var chunks: [Chunk] = []
        var left = total
        for element in told where left > 0 {
            guard let offset = element[0].flatMap(duration), let count = element[1]?.int, count > 0 else { continue }
            // Times do not run backwards.
            chunks.append(Chunk(offset: max(offset, chunks.last?.offset ?? .zero), count: min(count, left)))
            left -= min(count, left)
        }
        guard left > 0 else { return chunks }
        if chunks.isEmpty { return [Chunk(offset: .zero, count: left)] }
        chunks[chunks.count - 1].count += left
        return chunks
    }

    /// A number of milliseconds, of a day at most.
    private static func duration(_ json: JSONValue) -> Duration? {
        guard let number = json.double, number.isFinite, number >= 0 else { return nil }
        return .milliseconds(min(number, 86_400_000))
    }
}

import HTTPTransport
import JSON
import Redaction
import TestSupport

@testable import VLLMClient

extension Recording {
    /// The recordings of text generation servers, those of pooling servers left out.
    static func generation(_ isWanted: @escaping (Entry) -> Bool) -> [String] {
        names { ["default", "full", "bare", "overload", "ends", "router"].contains($0.group) && isWanted($0) }
    }

    /// The recorded answers of a path that are one JSON object.
    static func answers(_ path: String) -> [String] {
        generation { $0.path == path && $0.status == 200 && $0.contentType == "application/json" && $0.ended == "complete" }
    }

    /// The recorded answers of a path that are event streams.
    static func streams(_ path: String) -> [String] {
        generation { $0.path == path && $0.contentType?.hasPrefix("text/event-stream") == true }
    }

    /// The recorded answer's head.
    var head: AnswerHead {
        get throws {
            AnswerHead(HTTPResponse(status: entry.status ?? 0, headers: HTTPHeaders(response?.headers ?? []), body: .empty)) { Redactor() }
        }
    }
}

extension HTTPBody {
    /// A body of no bytes.
    static var empty: HTTPBody { HTTPBody(NoBytes()) }

    private final class NoBytes: HTTPBodySource {
        func next(by limit: ReadLimit?) async throws(TransportError) -> [UInt8]? { nil }
        func cancel() {}
    }
}

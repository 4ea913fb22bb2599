import HTTPTransport
import JSON

extension VLLMClient {
    /// Sends a request whose answer is one JSON object.
    func response<Response: DecodableResponse>(to request: HTTPRequest) async throws(VLLMError) -> Response {
        let (decoder, body) = try await answer(to: request, keepsRaw: keepsRaw)
        return try decoder.decode(body)
    }

    /// Sends a request whose answer is one JSON object, and returns it with what reads it.
    func answer(to request: HTTPRequest, keepsRaw: Bool) async throws(VLLMError) -> (decoder: ResponseDecoder, body: [UInt8]) {
        let response = try await successful(request)
        let decoder = ResponseDecoder(head: AnswerHead(response, redactor: redactor), keepsRaw: keepsRaw)
        return (decoder, try await body(of: response, to: request))
    }

    /// Sends a request whose answer is a stream of events.
    func stream<Chunk: DecodableChunk>(_ request: HTTPRequest, keepsRaw: Bool) async throws(VLLMError) -> ChunkStream<Chunk> {
        let response = try await successful(request)
        let head = AnswerHead(response, redactor: redactor)
        let contentType = response.headers["content-type"]?.lowercased() ?? ""
        guard contentType.hasPrefix("text/event-stream") || contentType.isEmpty else {
            throw ResponseDecoder(head: head).notAStream(try await beginning(of: response, to: request))
        }
        let limits = limits
        let timing = timing(request, response)
        return ChunkStream(response.body, head, timing) {
            var decoder = ChunkDecoder<Chunk>(
                head: head, eventLimit: limits.event, streamLimit: limits.stream, keepsRaw: keepsRaw)
            return { decoder.decode($0) }
        }
    }

    /// Sends a request and returns the answer if its status is 2xx.
    func successful(_ request: HTTPRequest) async throws(VLLMError) -> HTTPResponse {
        let response: HTTPResponse
        do { response = try await transport.send(request) } catch { throw VLLMError(error) }
        let head = AnswerHead(response, redactor: redactor)
        guard (200..<300).contains(response.status) else {
            // What is compressed says nothing to a reader.
            throw head.statusError(body: head.coding == nil ? try await beginning(of: response, to: request) : [])
        }
        if let coding = head.coding { throw head.compressed(coding) }
        return response
    }

    private func timing(_ request: HTTPRequest, _ response: HTTPResponse) -> StreamTiming {
        StreamTiming(sentAt: response.sentAt, firstByte: request.timeouts.firstByte, idle: streamIdleTimeout, server: baseURL)
    }

    /// The whole body. It has the time of a stream's first event: an answer in one piece begins when it is complete.
    func body(of response: HTTPResponse, to request: HTTPRequest) async throws(VLLMError) -> [UInt8] {
        let (time, count) = (timing(request, response).limit(chunkCount: 0), response.headers["content-length"].flatMap { Int($0) })
        do { return try await response.body.collect(upTo: limits.body, by: time, expecting: count) } catch {
            throw AnswerHead(response, redactor: redactor).error(error)
        }
    }

    /// What can be had of the body of an error: it is cut where it is long or late, and where the connection breaks.
    private func beginning(of response: HTTPResponse, to request: HTTPRequest) async throws(VLLMError) -> [UInt8] {
        var bytes: [UInt8] = []
        var iterator = response.body.makeAsyncIterator()
        let limit = timing(request, response).limit(chunkCount: 0)
        do {
            while bytes.count < limits.errorBody, let batch = try await iterator.next(by: limit) {
                bytes += batch.prefix(limits.errorBody - bytes.count)
            }
        } catch  where error.code == .cancelled {
            throw VLLMError(error)
        } catch {
            // The status says that the call failed; the rest of the explanation is lost with the connection.
        }
        return bytes
    }
}

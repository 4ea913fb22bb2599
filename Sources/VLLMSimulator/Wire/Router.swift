import JSON

/// Finds the endpoint of a request, with the checks that come before it: key, route, method, content type, JSON.
struct Router: Sendable {
    private let options: VLLMSimulator.Options
    private let created = HTTPDate.seconds

    init(options: VLLMSimulator.Options) {
        self.options = options
    }

    private enum Route {
        case get(@Sendable (Router) -> Reply)
        case post(@Sendable (FieldReader, SimulatedRequest, VLLMSimulator.Options) throws(WireError) -> Reply)
    }

    private static let routes: [String: Route] = [
        "/health": .get { _ in .empty },
        "/ping": .get { _ in .empty },
        "/version": .get { .json(["version": .string($0.options.version)]) },
        "/load": .get { _ in .json(["server_load": 0]) },
        "/v1/models": .get { .json($0.models) },
        "/v1/chat/completions": .post { body, request, options throws(WireError) in
            try ChatEndpoint.reply(to: body, request: request, options: options)
        },
        "/v1/completions": .post { body, request, options throws(WireError) in
            try CompletionEndpoint.reply(to: body, request: request, options: options)
        },
        "/tokenize": .post { body, _, options throws(WireError) in try TokenizeEndpoint.tokenize(body, options: options) },
        "/detokenize": .post { body, _, options throws(WireError) in try TokenizeEndpoint.detokenize(body, options: options) },
    ]

    /// The answer to a request.
    func reply(to request: SimulatedRequest) -> Reply {
        do {
            return try route(request)
        } catch {
            return .error(error)
        }
    }

    private func route(_ request: SimulatedRequest) throws(WireError) -> Reply {
        guard request.path.hasPrefix(options.pathPrefix) else { throw .detail(404, "Not Found") }
        let path = String(request.path.dropFirst(options.pathPrefix.count))
        try checkKey(request, path: path)
        if request.method == "OPTIONS", request.header("origin") != nil, request.header("access-control-request-method") != nil {
            return Self.refusedOrigin
        }
        switch Self.routes[path] {
        case nil: throw .detail(404, "Not Found")
        case .get(let answer)?: return request.method == "GET" ? answer(self) : notAllowed("GET")
        case .post(let answer)?:
            guard request.method == "POST" else { return notAllowed("POST") }
            return try answer(Self.body(of: request), request, options)
        }
    }

    private func checkKey(_ request: SimulatedRequest, path: String) throws(WireError) {
        guard let key = options.apiKey, path == "/v1" || path.hasPrefix("/v1/") else { return }
        let parts = (request.header("authorization") ?? "").split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer", parts[1] == key else { throw .unauthorized }
    }

    /// The answer to a browser that asks whether it may: without `--allowed-origins` it may not.
    private static var refusedOrigin: Reply {
        let varying = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers, Access-Control-Request-Private-Network"
        return Reply(
            status: 400,
            headers: [
                ("vary", varying), ("access-control-allow-methods", "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT, QUERY"),
                ("access-control-max-age", "600"), ("content-type", "text/plain; charset=utf-8"),
            ], body: .whole(Array("Disallowed CORS origin".utf8)), varies: false)
    }

    private func notAllowed(_ method: String) -> Reply {
        var reply = Reply.error(.detail(405, "Method Not Allowed"))
        reply.headers.insert(("allow", method), at: 0)
        return reply
    }

    private static func body(of request: SimulatedRequest) throws(WireError) -> FieldReader {
        let type = request.header("content-type") ?? ""
        guard type.split(separator: ";").first?.trimmed.lowercased() == "application/json" else {
            throw .badSchema("1 validation error:\n  Unsupported Media Type: Only 'application/json' is allowed")
        }
        guard !request.body.isEmpty else { throw .schema(type: "missing", at: "", "Field required", input: .null) }
        guard String(validating: request.body, as: UTF8.self) != nil else { throw .detail(400, "There was an error parsing the body") }
        let json: JSONValue
        do {
            json = try JSONValue(parsing: request.body)
        } catch {
            throw .schema(
                type: "json_invalid", at: "\(error.offset)", "JSON decode error", input: [:], context: "'error': '\(error.message)'")
        }
        return try FieldReader(body: json)
    }

    private var models: JSONValue {
        let data = options.models.map { name -> JSONValue in
            let permission: JSONValue = [
                "id": .string(WireID.make("modelperm-")), "object": "model_permission", "created": .integer(created),
                "allow_create_engine": false, "allow_sampling": true, "allow_logprobs": true, "allow_search_indices": false,
                "allow_view": true, "allow_fine_tuning": false, "organization": "*", "group": .null, "is_blocking": false,
            ]
            return [
                "id": .string(name), "object": "model", "created": .integer(created), "owned_by": "vllm",
                "root": .string(options.models[0]),
                "parent": .null, "max_model_len": .integer(options.maxModelLength), "permission": [permission],
            ]
        }
        return ["object": "list", "data": .array(data)]
    }
}

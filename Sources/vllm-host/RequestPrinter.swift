import JSON
import VLLMProvider

/// Prints requests that are not sent.
enum RequestPrinter {
    /// The requests as JSON, for people and machines.
    static func json(_ requests: [PlannedRequest]) -> String {
        let list = requests.map { request -> JSONValue in
            var object: JSONObject = ["method": .string(request.method), "url": .string(request.url)]
            object["headers"] = .object(JSONObject(request.headers.map { ($0.name, .string($0.value)) }))
            object["body"] = request.body
            if let member = request.feeds {
                object["next_prompt"] = .string("the member \(member) of the answer is the prompt of the next request")
            }
            return .object(object)
        }
        return JSONValue.array(list).prettyText + "\n"
    }

    /// The requests as a shell command: the key comes from VLLM_API_KEY, and one request's answer goes into the next by jq.
    static func curl(_ requests: [PlannedRequest]) -> String {
        var lines: [String] = []
        var isFed = false
        for request in requests {
            var line = "curl --silent --show-error --no-buffer"
            if request.method != "POST" { line += " --request \(request.method)" }
            for option in request.curlOptions { line += " \(isPlain(option) ? option : quoted(option))" }
            line += " \(quoted(request.url))"
            for header in request.headers {
                if header.name.lowercased() == "authorization" {
                    line += " \\\n  --header \"Authorization: Bearer ${VLLM_API_KEY:-EMPTY}\""
                } else {
                    line += " \\\n  --header \(quoted("\(header.name): \(header.value)"))"
                }
            }
            if let body = request.body { line += isFed ? " \\\n  --data @-" : " \\\n  --data \(quoted(body.text))" }
            if let member = request.feeds, let next = requests.last?.body {
                line += " |\njq --compact-output \(quoted("\(next.text) + {prompt: .\(member)}"))"
                isFed = true
            }
            lines.append(line)
        }
        return lines.joined(separator: " |\n") + "\n"
    }

    /// Whether no shell could misread a word without quotation marks.
    private static func isPlain(_ word: String) -> Bool {
        !word.isEmpty && word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-._/:".contains($0)) }
    }

    private static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}

import HTTPTransport

/// What a server sends for an answer, in the shapes of vLLM 0.32: as many tokens as are wanted, the same sixteen over and over.
struct ServerBytes: Sendable {
    /// How many events come in a batch, where many come at once.
    static let batchSize = 64

    /// What the tokens are.
    enum Kind {
        case text, logprobs, toolCall, completion
    }

    /// What they are.
    let kind: Kind
    /// How many tokens there are, besides the last chunk's.
    let count: Int
    /// The body, batch by batch.
    let batches: [[UInt8]]

    /// The answer of `count` tokens.
    init(_ kind: Kind, _ count: Int, perBatch: Int = batchSize) {
        self.kind = kind
        self.count = count
        let events = Self.tokens.indices.map { Array(Self.event(kind, $0).utf8) }
        let whole = Array((0..<Self.batchSize / events.count).map { _ in events }.joined().joined())
        let tokens = (0..<count / perBatch).map { perBatch == 1 ? events[$0 % events.count] : whole }
        batches = [Self.beginning(kind)] + tokens + [Self.end(kind)]
    }

    /// The answer as what a transport does.
    var exchange: ScriptedExchange {
        ScriptedExchange(headers: ["Content-Type": "text/event-stream; charset=utf-8"], steps: batches.map { .bytes($0) })
    }

    /// As JSON has them between its quotes.
    private static let tokens = [
        " the", "ontent", " a", ",", " model", "\\n", " stream", "ing", " \\\"", " caf\u{E9}", " 42", ".", " andle", "           ", " is",
        " \u{4F60}\u{597D}",
    ]

    private static func event(_ kind: Kind, _ index: Int) -> String {
        let token = tokens[index]
        switch kind {
        case .text: return chat(#"{"content":"\#(token)"}"#)
        case .logprobs: return chat(#"{"content":"\#(token)"}"#, logprobs: logprobs(index))
        case .toolCall: return chat(#"{"content":null,"tool_calls":[{"index":0,"function":{"arguments":"1\#(index), "}}]}"#)
        case .completion: return completion(token)
        }
    }

    private static func beginning(_ kind: Kind) -> [UInt8] {
        let role = chat(#"{"role":"assistant","content":""}"#)
        switch kind {
        case .text, .logprobs: return Array(role.utf8)
        case .toolCall:
            let call = #"{"id":"chatcmpl-tool-b971073e11c902e6","type":"function","index":0,"function":{"name":"add"}}"#
            let begun = #"{"content":null,"tool_calls":[{"index":0,"function":{"arguments":"{\"numbers\": ["}}]}"#
            return Array((role + chat(#"{"content":null,"tool_calls":[\#(call)]}"#) + chat(begun)).utf8)
        case .completion: return Array(completion("!").utf8)
        }
    }

    private static func end(_ kind: Kind) -> [UInt8] {
        let last =
            switch kind {
            case .text, .logprobs: chat(#"{"content":"!"}"#, finish: #""stop""#)
            case .toolCall:
                chat(#"{"content":null,"tool_calls":[{"index":0,"function":{"arguments":"1]}"}}]}"#)
                    + chat("{}", finish: #""tool_calls""#)
            case .completion: completion("", finish: #""stop""#)
            }
        let usage = #"{"prompt_tokens":10,"total_tokens":42,"completion_tokens":32}"#
        return Array((last + "data: {\(head(kind)),\"choices\":[],\"usage\":\(usage)}\n\ndata: [DONE]\n\n").utf8)
    }

    private static func head(_ kind: Kind) -> String {
        let (prefix, object) = kind == .completion ? ("cmpl", "text_completion") : ("chatcmpl", "chat.completion.chunk")
        return #""id":"\#(prefix)-a1aa1a348a193cba","object":"\#(object)","created":1795249210,"model":"Qwen/Qwen2.5-7B-Instruct""#
    }

    private static func chat(_ delta: String, logprobs: String = "null", finish: String = "null") -> String {
        let choice = #"{"index":0,"delta":\#(delta),"logprobs":\#(logprobs),"finish_reason":\#(finish),"token_ids":null}"#
        return "data: {\(head(.text)),\"choices\":[\(choice)]}\n\n"
    }

    private static func completion(_ text: String, finish: String = "null") -> String {
        let ends = #""finish_reason":\#(finish),"stop_reason":null,"prompt_token_ids":null,"token_ids":null"#
        return "data: {\(head(.completion)),\"choices\":[{\"index\":0,\"text\":\"\(text)\",\"logprobs\":null,\(ends)}]}\n\n"
    }

    /// Candidates and numbers change from token to token, as a model's do.
    private static func logprobs(_ index: Int) -> String {
        let others = [
            (" document", "32,100,111,99,117,109,101,110,116"), ("ron", "114,111,110"), (#"\n"#, "10"), ("fine", "102,105,110,101"),
            (" \u{251C}\u{2500}", "32,226,148,156,226,148,128"),
        ]
        let candidates = (0..<others.count).map { place in
            let (token, bytes) = others[(index + place) % others.count]
            return #"{"token":"\#(token)","logprob":-6.7\#(10 + place)\#(100 + index * 53)489349365,"bytes":[\#(bytes)]}"#
        }
        let chosen = #""token":"\#(tokens[index])","logprob":-7.696446\#(100 + index * 37)599365,"bytes":[32,100,111,99,117]"#
        return #"{"content":[{\#(chosen),"top_logprobs":[\#(candidates.joined(separator: ","))]}]}"#
    }
}

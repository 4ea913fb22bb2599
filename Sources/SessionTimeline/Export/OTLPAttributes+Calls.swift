import JSON
import ProviderKit

extension OTLPAttributes {
    /// What calls have in common, as spans and metrics have it.
    init(common call: ProviderCall) {
        set("gen_ai.operation.name", call.operationName)
        set("gen_ai.provider.name", call.providerName)
        set("gen_ai.request.model", call.model)
        set("error.type", call.errorName)
    }

    /// What is known of a call.
    init(_ call: ProviderCall, _ conventions: SemanticConventions) {
        self.init(common: call)
        set("gen_ai.conversation.id", call.sessionID)
        addRequest(call)
        addResponse(call)
        if let usage = call.usage {
            set("gen_ai.usage.input_tokens", usage.inputTokens)
            set("gen_ai.usage.output_tokens", usage.outputTokens)
            set("gen_ai.usage.cache_read.input_tokens", usage.cacheReadTokens)
            set(conventions.cacheWriteTokens, usage.cacheWriteTokens)
            set("gen_ai.usage.reasoning.output_tokens", usage.reasoningTokens)
        }
        let server = call.exchanges.last?["url"]?.string.flatMap(ServerAddress.init)
        set("server.address", server?.host)
        set("server.port", server?.port)
    }

    /// What was asked for, where the log has it (`llm:call:raw`).
    private mutating func addRequest(_ call: ProviderCall) {
        set("gen_ai.request.stream", call.isStreamed)
        func setting(_ keys: String...) -> JSONValue? {
            for key in keys {
                if let value = call.request?[key] ?? call.options?[key], !value.isNull { return value }
            }
            return nil
        }
        set("gen_ai.request.max_tokens", setting("max_output_tokens", "max_tokens")?.int)
        set("gen_ai.request.temperature", setting("temperature")?.double)
        set("gen_ai.request.top_p", setting("top_p")?.double)
        set("gen_ai.request.top_k", setting("top_k")?.int)
        set("gen_ai.request.frequency_penalty", setting("frequency_penalty")?.double)
        set("gen_ai.request.presence_penalty", setting("presence_penalty")?.double)
        set("gen_ai.request.seed", setting("seed")?.int)
        set("gen_ai.request.reasoning.level", setting("reasoning_effort")?.string)
        if let count = setting("n")?.int, count != 1 { set("gen_ai.request.choice.count", count) }
        let stop = setting("stop")
        set("gen_ai.request.stop_sequences", stop?.array?.compactMap(\.string) ?? stop?.string.map { [$0] })
        guard call.request != nil else { return }
        let format = setting("response_format")?["type"]?.string
        set("gen_ai.output.type", format == "json" || format == "json_object" || format == "json_schema" ? "json" : "text")
    }

    private mutating func addResponse(_ call: ProviderCall) {
        set("gen_ai.response.id", (call.response ?? call.debugResponse)?["metadata"]?["vllm:response_id"]?.string)
        set("gen_ai.response.time_to_first_chunk", call.timeToFirstToken.map { $0 / .seconds(1) })
        // Of a stream that was not finished the conventions say so.
        let isBroken = call.status != .ok && !call.streamedBlocks.isEmpty
        set("gen_ai.response.finish_reasons", isBroken ? ["error"] : call.finishReason.map { [$0] })
    }
}

extension ProviderCall {
    /// The operation in the words of the conventions.
    var operationName: String { endpoint == "completions" ? "text_completion" : "chat" }

    /// The provider in the words of the conventions; vLLM is not one of those that they list.
    var providerName: String { provider.map { $0.hasPrefix("vllm") ? "vllm" : $0 } ?? "unknown" }

    /// What went wrong, in a word; `nil` where nothing did.
    var errorName: String? {
        switch status {
        case .ok, .unfinished: nil
        case .cancelled: "cancelled"
        case .error: failure?.type ?? "_OTHER"
        }
    }
}

/// The host and port of a URL.
struct ServerAddress {
    var host: String
    var port: Int?

    init?(_ url: String) {
        guard let scheme = url.firstRange(of: "://") else { return nil }
        let authority = url[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let address = authority.split(separator: "@").last ?? ""
        let port = address.last == "]" ? nil : address.lastIndex(of: ":")
        host = String(address[..<(port ?? address.endIndex)].filter { $0 != "[" && $0 != "]" })
        self.port = port.flatMap { Int(address[address.index(after: $0)...]) } ?? (url.hasPrefix("https:") ? 443 : 80)
        if host.isEmpty { return nil }
    }
}

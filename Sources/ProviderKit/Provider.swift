public import JSON

/// What answers a host's requests with a language model: the one contract between hosts and providers.
///
/// A provider is made by its module's mount function from a configuration and a `ProviderContext`; making it must not touch the
/// network. It serves any number of calls at once. Through its context's `EventSink` it tells the session what it does, with one
/// `request_id` in all events of a call: that of the request's `metadata.request_id`, where the host gives one.
///
/// | event | when | data besides `provider`, `model`, `request_id` (and `instance_id` where the host gave one) |
/// |---|---|---|
/// | `llm:request` | once a call, before the question is sent | `endpoint`, `message_count`, `stream` |
/// | `provider:tool_sequence_repaired` | after `llm:request`, where calls and results of tools did not fit together; once for each | `repair_count`, `repairs` [{`tool_call_id`, `tool_name`, `repair`}] |
/// | `llm:call:raw` | right behind `llm:request`, where the configuration asks for raw records (`lvl` `DEBUG`, as all `:raw` events) | `data`: the `request` as the host made it, and the `options` that decide on the answer |
/// | `llm:exchange:raw` | an exchange with a server is over, however it ended; of no call, it has no `request_id` | `data`: `method`, `url`, `path`, `started_at`, `request`, `response`, `duration_ms`, `error` (docs/events.md) |
/// | `llm:stream_block_start` | a block begins (streamed calls) | `block_index`, `block_type` (`text`, `thinking`, `tool_use`), `name` of a tool |
/// | `llm:stream_block_delta` | the text or thinking that has come since the last one (tokens that arrive at once are one delta); never of a tool call, never empty | `block_index`, `block_type`, `sequence` (from 0 in each block), `text` |
/// | `llm:stream_block_end` | a block is complete | `block_index`, `block_type` |
/// | `llm:stream_aborted` | the stream broke off after something of it was shown | `error` {`type`, `msg`} |
/// | `provider:incomplete_continuation` | an answer was cut by its length, and goes on in another round | `response_id` and finish `reason` of the round that was cut, `continuation_number` (from 1), `max_attempts` |
/// | `provider:throttle` | a call, or another attempt of it, waits for the configuration's own limits | `reason` (the limit's key), `delay` in seconds at least, where it can be told, `waiting` (how many calls wait) |
/// | `provider:retry` | an attempt has failed, and another one follows after a wait | `attempt` (which retry it is, from 1), `max_retries`, `delay` in seconds, `error_type`, `error_message`, `status_code`, `resumed` (the answer goes on, and does not begin anew), `server` where another one is asked |
/// | `provider:warning` | once for each fact that the user should know of, and each time that a server is left alone or is back; belongs to no call, so it has no `request_id` | `message`, `lvl` (`WARNING`), the numbers that it speaks of |
/// | `llm:response` | once a call, whatever its end | `status` (`ok`, `error`, `cancelled`), `duration_ms`, `usage` {`input_tokens`, `output_tokens`, …}, `finish_reason`, or `error` |
/// | `llm:response:raw` | right before `llm:response`, where the configuration asks for raw records | `data`: the `response`, or the `error` with what there is of the answer |
///
/// `stream` is the only way through: `complete` is `stream` gathered.
public protocol Provider: Sendable {
    /// The provider's name in events, such as `vllm`.
    var name: String { get }

    /// What the provider is and how it is set up. No network.
    var info: ProviderInfo { get }

    /// Which provider a session takes when it has several: the lowest number wins, ties go to the first mounted.
    var priority: Int { get }

    /// The model that answers when a request names none, with its limits, as far as they are known now. No network: hosts ask
    /// before every request, to see how much of a conversation fits.
    ///
    /// `nil` as long as neither the server nor the configuration has told the limits.
    var modelInfo: ModelInfo? { get }

    /// Finds out what `modelInfo` tells, so that the first call need not wait for it. A host runs it in the background behind mounting;
    /// where none does, the first call does it. What goes wrong here is no failure: it is tried again when it is needed.
    func prepare() async

    /// The models that the server has, with their limits.
    /// - Throws: `ProviderError` when the server cannot be asked.
    func listModels() async throws(ProviderError) -> [ModelInfo]

    /// Asks the model. Nothing is sent before the stream is read.
    /// - Parameters:
    ///   - request: the conversation and what the host wants of the answer.
    ///   - options: settings for this call alone, under the keys of the provider's configuration. The request's own fields
    ///     come first, then these, then the configuration.
    func stream(_ request: ChatRequest, options: JSONObject) -> ResponseStream

    /// The tool calls of an answer.
    func parseToolCalls(_ response: ChatResponse) -> [ToolCall]

    /// Ends what is in flight and frees what is held. May be called more than once.
    func close() async
}

extension Provider {
    /// 100, as every provider without a say.
    public var priority: Int { 100 }

    /// `nil`: nothing is known.
    public var modelInfo: ModelInfo? { nil }

    /// Does nothing.
    public func prepare() async {}

    /// Asks the model with the configuration's settings.
    public func stream(_ request: ChatRequest) -> ResponseStream {
        stream(request, options: [:])
    }

    /// Asks the model and waits for the whole answer.
    /// - Throws: `ProviderError`, with what had arrived in its `partialResponse`.
    public func complete(_ request: ChatRequest, options: JSONObject = [:]) async throws(ProviderError) -> ChatResponse {
        try await stream(request, options: options).gather()
    }

    /// The calls that the answer lists, or those among its blocks.
    public func parseToolCalls(_ response: ChatResponse) -> [ToolCall] {
        response.toolCalls ?? response.content.filter { $0.choice == 0 }.compactMap(\.toolCall)
    }
}

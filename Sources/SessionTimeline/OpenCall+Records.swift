import JSON
import ProviderKit

extension OpenCall {
    /// Takes what a record says of the call.
    /// - Parameter keepsContents: whether questions, answers and exchanges are kept, or what is counted alone.
    mutating func take(_ fields: RecordFields, keepsContents: Bool) {
        recordCount += 1
        if keepsContents { call.lines.append(fields.line) }
        if call.start == nil { call.start = fields.time }
        // Of the steps of a stream there are many, and they say nothing new of it.
        if !fields.event.hasPrefix("llm:stream_") {
            call.instanceID = call.instanceID ?? fields.string("instance_id")
            call.model = call.model ?? fields.string("model")
        }
        switch fields.event {
        case EventName.providerRequest:
            call.iteration = fields.int("iteration")
            call.provider = call.provider ?? fields.string("provider")
        case EventName.llmRequest: takeRequest(fields)
        case EventName.llmCallRaw where keepsContents:
            call.request = fields.nested["request"]
            call.options = fields.nested["options"]?.object
        case EventName.llmExchangeRaw: takeExchange(fields, keepsContents: keepsContents)
        case EventName.llmResponseRaw where keepsContents:
            call.response = fields.nested["response"] ?? call.response
            call.error = fields.nested["error"] ?? call.error
        case EventName.llmResponseDebug where keepsContents: call.debugResponse = fields.nested["response"]
        case EventName.llmStreamBlockStart, EventName.llmStreamBlockDelta, EventName.llmStreamBlockEnd: takeBlock(fields)
        case EventName.providerRetry: takeRetry(fields)
        case EventName.llmStreamAborted: call.failure = call.failure ?? Self.failure(fields)
        case EventName.llmResponse: takeResponse(fields)
        case EventName.providerResponse: takeAnswer(fields)
        case EventName.providerError: takeError(fields)
        case EventName.contentBlockEnd:
            call.usage = call.usage ?? Usage(logged: fields["usage"])
            if keepsContents, let block = fields["block"]?.object { call.blocks.append(block) }
        default: break
        }
        if call.finishReason == nil { call.finishReason = (call.response ?? call.debugResponse)?["finish_reason"]?.string }
    }

    private mutating func takeRequest(_ fields: RecordFields) {
        isSent = true
        sent = fields.time
        call.provider = fields.string("provider") ?? call.provider
        call.endpoint = fields.string("endpoint")
        call.isStreamed = fields.bool("stream")
        call.messageCount = fields.int("message_count")
        call.toolCount = fields.int("tool_count")
    }

    private mutating func takeExchange(_ fields: RecordFields, keepsContents: Bool) {
        if keepsContents { call.exchanges.append(fields.nested) }
        // Of a call that is not streamed the chunks are pieces of one text, which say nothing of its tokens.
        guard call.isStreamed == true, fields.nested["path"]?.string?.contains("completions") == true,
            let chunks = fields.nested["response"]?["chunks"]?.array
        else { return }
        call.chunkTimes = chunks.compactMap { $0[0]?.double.flatMap { Duration(logged: $0, .milliseconds) } }
    }

    private mutating func takeBlock(_ fields: RecordFields) {
        guard let index = fields.int("block_index") else { return }
        var position = blockPositions[index]
        // An attempt that begins anew numbers its blocks anew.
        if position == nil || fields.event == EventName.llmStreamBlockStart {
            call.streamedBlocks.append(.init(index: index, type: fields.string("block_type") ?? "text"))
            position = call.streamedBlocks.count - 1
            blockPositions[index] = position
        }
        guard let position else { return }
        switch fields.event {
        case EventName.llmStreamBlockStart: call.streamedBlocks[position].start = fields.time
        case EventName.llmStreamBlockEnd: call.streamedBlocks[position].end = fields.time
        default: if let time = fields.time { call.streamedBlocks[position].deltas.append(time) }
        }
    }

    private mutating func takeRetry(_ fields: RecordFields) {
        var retry = ProviderCall.Retry(attempt: fields.int("attempt") ?? call.retries.count + 1)
        retry.time = fields.time
        retry.delay = fields.seconds("delay")
        retry.errorType = fields.errorType
        retry.errorMessage = fields.string("error_message")
        retry.statusCode = fields.int("status_code")
        call.retries.append(retry)
    }

    private mutating func takeResponse(_ fields: RecordFields) {
        hasResponse = true
        call.provider = call.provider ?? fields.string("provider")
        call.end = fields.time ?? call.end
        call.duration = fields.milliseconds("duration_ms")
        call.timeToFirstToken = fields.milliseconds("time_to_first_token_ms")
        call.usage = Usage(logged: fields["usage"]) ?? call.usage
        call.finishReason = fields.string("finish_reason")
        call.status = Self.status(fields)
        if call.status == .error { call.failure = Self.failure(fields) ?? call.failure }
        if call.status == .ok { call.failure = nil }
    }

    private mutating func takeAnswer(_ fields: RecordFields) {
        isAnswered = true
        call.provider = call.provider ?? fields.string("provider")
        call.usage = call.usage ?? Usage(logged: fields["usage"])
        if !hasResponse {
            call.end = fields.time
            call.status = .ok
        }
    }

    private mutating func takeError(_ fields: RecordFields) {
        isAnswered = true
        call.provider = call.provider ?? fields.string("provider")
        if !hasResponse {
            call.end = fields.time
            call.status = fields.isCancellation ? .cancelled : .error
        }
        if call.status == .error { call.failure = call.failure ?? Self.failure(fields) }
    }

    private static func status(_ fields: RecordFields) -> ProviderCall.Status {
        switch fields.string("status") {
        case "cancelled": .cancelled
        case "error": .error
        case "ok", "success": .ok
        default: fields["error"] == nil ? .ok : .error
        }
    }

    private static func failure(_ fields: RecordFields) -> ProviderCall.Failure? {
        guard let message = fields.errorMessage ?? fields.errorType else { return nil }
        return ProviderCall.Failure(type: fields.errorType, message: message, statusCode: fields.int("status_code"))
    }
}

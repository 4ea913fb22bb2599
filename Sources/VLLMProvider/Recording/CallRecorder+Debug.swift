import JSON
import ProviderKit
import Redaction
import VLLMClient

/// What `debug` and `raw_debug` tell of a call.
extension CallRecorder {
    /// What the host has asked for, with the settings that decide how it is answered.
    /// - Parameter options: those of the call.
    func called(_ request: ChatRequest, options: JSONObject) {
        guard settings.isRawDebug, sink.wants(EventName.llmCallRaw) else { return }
        let redactor = redactor
        debug(
            EventName.llmCallRaw,
            ["request": redactor.redact(request.json), "options": .object(redactor.redact(settings.replayedOptions(of: options)))])
    }

    /// A request as it is sent.
    func sent(path: String, body: @autoclosure () throws(VLLMError) -> JSONObject) throws(VLLMError) {
        guard settings.isDebug else { return }
        let request = redactor.redact(.object(try body()))
        let path = JSONValue.string(path)
        let shown = request.truncatingStrings(longerThan: settings.debugTruncateLength)
        debug(EventName.llmRequestDebug, ["path": path, "request": shown])
        if settings.isRawDebug { debug(EventName.llmRequestRaw, ["path": path, "request": request]) }
    }

    /// The answer, whole.
    func answered(_ response: @autoclosure () -> ChatResponse) {
        guard settings.isDebug else { return }
        let answer = redactor.redact(response().json)
        debug(EventName.llmResponseDebug, ["response": answer.truncatingStrings(longerThan: settings.debugTruncateLength)])
        if settings.isRawDebug { debug(EventName.llmResponseRaw, ["response": answer]) }
    }

    /// Why there is no answer, with what there is of it.
    func broke(_ error: ProviderError) {
        guard settings.isRawDebug, sink.wants(EventName.llmResponseRaw) else { return }
        debug(EventName.llmResponseRaw, ["error": redactor.redact(error.json)])
    }

    private func debug(_ name: String, _ nested: JSONObject) {
        guard sink.wants(name) else { return }
        var data = base
        data["lvl"] = "DEBUG"
        // Nested once more, as readers of the log expect it: `data.data.request.messages`.
        data["data"] = .object(nested)
        sink.emit(name, data)
    }
}

extension VLLMSettings {
    /// What decides on a call's answer, from the configuration and over it from the call's own options: whoever gives it to another provider
    /// as options gets the same request. How requests are carried (time limits, retries, header fields) is no part of it.
    fileprivate func replayedOptions(of call: JSONObject) -> JSONObject {
        var configured = generation
        configured["model"] = defaultModel.map { .string($0) }
        configured["use_completions"] = .bool(usesCompletions)
        configured["use_streaming"] = .bool(streams)
        configured["prompt_format"] = .string(promptFormat.rawValue)
        configured["developer_role"] = .string(developerRole.rawValue)
        let keys = Set(VLLMProvider.generationKeys + ["model", "use_completions", "use_streaming", "prompt_format", "developer_role"])
        return OptionReader.merging(JSONObject(call.filter { keys.contains($0.key) && !$0.value.isNull }), over: configured)
    }
}

import JSON
import ProviderKit

extension PluginInstance {
    /// What `start` does.
    func answer(_ request: ChatRequest, options: JSONObject, wants: PluginWants, _ call: PluginCall) async -> PluginResult {
        var gathered = PluginAnswer()
        do throws(ProviderError) {
            let stream = provider.stream(request, options: options)
            var iterator = stream.makeAsyncIterator()
            // Until something arrives, the question is put together and sent, which is no work for the thread on which answers arrive.
            if let events = try await iterator.nextBatch() {
                try await give(events, wants, call, &gathered)
                try await withTaskExecutorPreference(stream.executor) { () async throws(ProviderError) in
                    while let events = try await iterator.nextBatch() { try await give(events, wants, call, &gathered) }
                }
            }
        } catch {
            guard gathered.isFinished, error.code == .cancelled else { return .error(gathered.completing(error)) }
        }
        return .response(wants.contains(.response) ? gathered.response.json : nil)
    }

    private func give(
        _ events: [ProviderEvent], _ wants: PluginWants, _ call: PluginCall, _ gathered: inout PluginAnswer
    ) async throws(ProviderError) {
        gathered.add(events)
        // Not every provider ends by itself where its task is cancelled. An answer that is complete is one, cancelled or not.
        guard gathered.isFinished || !Task.isCancelled else { throw ProviderError(.cancelled, "the call was cancelled") }
        if wants.contains(.events), !events.isEmpty { await call.give(events) }
    }

    /// What `list_models` does.
    func listModels() async -> PluginResult {
        do throws(ProviderError) {
            return .response(.array(try await provider.listModels().map(\.json)))
        } catch {
            return .error(error)
        }
    }

    /// What `prepare` does.
    func prepare() async -> PluginResult {
        await provider.prepare()
        return Task.isCancelled ? .cancelled : .response(nil)
    }
}

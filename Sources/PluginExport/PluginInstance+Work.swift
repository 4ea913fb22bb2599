import JSON
import ProviderKit

extension PluginInstance {
    /// What `start` does.
    func answer(_ request: ChatRequest, options: JSONObject, wants: PluginWants, _ call: PluginCall) async -> PluginResult {
        var gatherer = ResponseGatherer()
        do throws(ProviderError) {
            var iterator = provider.stream(request, options: options).makeAsyncIterator()
            var text = PluginText()
            var isFinished = false
            while let events = try await iterator.nextBatch() {
                // Not every provider ends by itself where its task is cancelled.
                guard isFinished || !Task.isCancelled else { throw ProviderError(.cancelled, "the call was cancelled") }
                if case .finished = events.last { isFinished = true }
                if wants.contains(.response) {
                    for event in events { gatherer.add(event) }
                }
                guard wants.contains(.events), !events.isEmpty else { continue }
                text.set(events)
                await call.give(text)
            }
            return .response(wants.contains(.response) ? gatherer.response.json : nil)
        } catch {
            var error = error
            if error.partialResponse == nil, gatherer.hasContent { error.partialResponse = gatherer.response }
            return .error(error)
        }
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

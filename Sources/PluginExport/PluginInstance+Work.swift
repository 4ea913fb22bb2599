import JSON
import ProviderKit

extension PluginInstance {
    /// What `start` does.
    func answer(_ request: ChatRequest, options: JSONObject, wants: PluginWants, _ call: PluginCall) async -> PluginResult {
        // Also where only steps are wanted: an error has what had arrived.
        var gatherer = ResponseGatherer()
        var model: String?
        var isFinished = false
        do throws(ProviderError) {
            var iterator = provider.stream(request, options: options).makeAsyncIterator()
            var text = PluginText()
            while let events = try await iterator.nextBatch() {
                if case .started(let start) = events.first { model = start.model }
                if case .finished = events.last { isFinished = true }
                for event in events { gatherer.add(event) }
                // Not every provider ends by itself where its task is cancelled. An answer that is complete is one, cancelled or not.
                guard isFinished || !Task.isCancelled else { throw ProviderError(.cancelled, "the call was cancelled") }
                guard wants.contains(.events), !events.isEmpty else { continue }
                text.set(events)
                await call.give(text)
            }
        } catch {
            guard isFinished, error.code == .cancelled else {
                var error = error
                error.model = error.model ?? model
                if error.partialResponse == nil, gatherer.hasContent { error.partialResponse = gatherer.response }
                return .error(error)
            }
        }
        return .response(wants.contains(.response) ? gatherer.response.json : nil)
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

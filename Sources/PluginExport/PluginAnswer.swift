import ProviderKit

/// What has arrived of a call's answer. It is kept also where only steps are wanted: an error has what there is.
struct PluginAnswer {
    private var gatherer = ResponseGatherer()
    private var model: String?
    /// The answer's last event has come.
    private(set) var isFinished = false

    var response: ChatResponse { gatherer.response }

    mutating func add(_ events: [ProviderEvent]) {
        if case .started(let start) = events.first { model = start.model }
        if case .finished = events.last { isFinished = true }
        for event in events { gatherer.add(event) }
    }

    /// The error with the model and with what had arrived, where it does not say so itself.
    func completing(_ error: ProviderError) -> ProviderError {
        var error = error
        error.model = error.model ?? model
        if error.partialResponse == nil, gatherer.hasContent { error.partialResponse = gatherer.response }
        return error
    }
}

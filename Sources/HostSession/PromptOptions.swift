public import JSON

/// How one prompt is to be answered; what is not said is left to the configuration.
public struct PromptOptions: Sendable {
    /// The model.
    public var model: String?
    /// Whether answers are streamed from the server.
    public var streams: Bool?
    /// Settings for these calls alone, under the keys of the provider's configuration.
    public var call: JSONObject

    /// Options.
    public init(model: String? = nil, streams: Bool? = nil, call: JSONObject = [:]) {
        self.model = model
        self.streams = streams
        self.call = call
    }
}

import JSON

/// Something that the user should know of and that fails no call: the event `provider:warning`.
struct ProviderWarning: Hashable {
    /// What is the matter, in a sentence.
    var message: String
    /// The model that it is about.
    var model: String?
    /// The numbers that it speaks of.
    var data: JSONObject

    init(_ message: String, model: String?, data: JSONObject = [:]) {
        self.message = message
        self.model = model
        self.data = data
    }
}

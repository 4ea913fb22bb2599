import HTTPTransport
import JSON
import ProviderKit
import VLLMProvider

/// The bodies of the requests that a call would send, in order; each with its members sorted.
func planned(
    _ settings: JSONObject = [:], options: JSONObject = [:], _ change: (inout ChatRequest) -> Void = { _ in }
) throws -> [JSONObject] {
    var request = ChatRequest(messages: [.user("Hi")])
    change(&request)
    let provider = try VLLMProvider(settings, transport: ScriptedTransport([]))
    return try provider.plannedRequests(request, options: options).map { ($0.body?.object ?? [:]).sortedByKey }
}

/// The error of a call that is not even sent; `nil` where it would be.
func refusal(
    _ settings: JSONObject = [:], options: JSONObject = [:], _ change: (inout ChatRequest) -> Void = { _ in }
) throws -> ProviderError? {
    do {
        _ = try planned(settings, options: options, change)
        return nil
    } catch let error as ProviderError { return error }
}

extension JSONObject {
    /// The members whatever their order.
    var sortedByKey: JSONObject { JSONObject(map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }) }

    /// With other members over these; one that is `null` is taken away.
    func with(_ others: JSONObject) -> JSONObject {
        var object = self
        for (key, value) in others { object[key] = value.isNull ? nil : value }
        return object.sortedByKey
    }
}

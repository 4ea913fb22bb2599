import Configuration
import JSON
public import ProviderKit

/// A provider of a session, under the name that the mount plan gives it.
public struct MountedProvider: Sendable {
    /// The name that it is mounted under: the plan's `instance_id`, else its module's without `provider-` in front.
    public let name: String
    /// Its module.
    public let module: String
    /// The plan's `instance_id`, where it gives one.
    public let instanceID: String?
    /// The provider.
    public let provider: any Provider
    /// Its place among the others: the lowest number is asked first.
    public let priority: Int

    init(_ spec: ModuleSpec, _ provider: any Provider) {
        name = spec.mountName
        module = spec.module
        instanceID = spec.instanceID
        self.provider = provider
        priority = provider.priority
    }

    /// How the session's events name it.
    var eventData: JSONObject {
        var data: JSONObject = ["provider": .string(name)]
        data["instance_id"] = instanceID.map { .string($0) }
        return data
    }
}

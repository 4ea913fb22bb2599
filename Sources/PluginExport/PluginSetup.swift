import Configuration
import JSON
import ProviderKit

/// What a host tells of an instance that is to be made.
struct PluginSetup {
    let configuration: ConfigurationNode?
    let path: String
    private let instanceID: String?
    private let sessionID: String?
    private let environment: [String: String]

    init(json: JSONValue) throws(ContractError) {
        var members = try MemberReader(json)
        configuration = try members.optional("config", MemberReader.object).map {
            ConfigurationNode(json: .object($0), origin: .program("host"))
        }
        path = try members.optional("path", MemberReader.string) ?? "config"
        instanceID = try members.optional("instance_id", MemberReader.string)
        sessionID = try members.optional("session_id", MemberReader.string)
        environment = try members.optional("environment", Self.texts) ?? ProcessEnvironment.current()
    }

    private static func texts(_ json: JSONValue) throws(ContractError) -> [String: String] {
        var texts: [String: String] = [:]
        for (name, value) in try MemberReader.object(json) {
            do { texts[name] = try MemberReader.string(value) } catch { throw error.within(name) }
        }
        return texts
    }

    func context(for host: HostTable) -> ProviderContext {
        ProviderContext(
            events: host, instanceID: instanceID, sessionID: sessionID, environment: environment, keepSecret: { host.keepSecret($0) })
    }
}

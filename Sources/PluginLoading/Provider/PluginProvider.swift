public import Configuration
public import JSON
import Locks
public import ProviderKit

/// A provider that lives in a plugin.
public final class PluginProvider: Provider {
    /// The provider's name in events.
    public let name: String
    /// Which provider a session takes.
    public let priority: Int
    private let instance: PluginInstance
    private let context: ProviderContext
    /// What the provider said of itself when it was made.
    private let firstInfo: ProviderInfo

    /// Makes a provider. Nothing is sent.
    /// - Parameters:
    ///   - table: the plugin's functions.
    ///   - configuration: the module's `config`.
    ///   - path: where it stands in the mount plan, for messages: `providers[0].config`.
    ///   - schema: what it may hold, where that is known.
    ///   - context: what the host gives.
    /// - Throws: `ConfigurationError` with everything that is wrong; `ProviderError`.
    public convenience init(
        _ table: PluginTable, configuration: ConfigurationNode?, path: String = "config", schema: ConfigurationSchema? = nil,
        context: ProviderContext
    ) throws {
        try self.init(table, configuration: configuration, path: path, schema: schema, context: context, patience: .seconds(1))
    }

    /// The same with another time for calls that were cancelled.
    init(
        _ table: PluginTable, configuration: ConfigurationNode?, path: String, schema: ConfigurationSchema?, context: ProviderContext,
        patience: Duration
    ) throws {
        let setup = PluginSetup(configuration: configuration, path: path, schema: schema, context: context)
        // What the schema tells, with the places that the plugin does not know.
        guard !setup.issues.hasErrors else { throw ConfigurationError(setup.issues) }
        let host = PluginHost(context, name: ModuleSpec(module: table.name, path: path).mountName)
        do {
            instance = try PluginInstance(table, setup: setup.json, host: host, patience: patience)
        } catch {
            throw setup.configurationError(error) ?? error
        }
        self.context = context
        let description = try Description(try instance.info())
        name = description.name
        priority = description.priority
        firstInfo = description.info
    }

    /// What the provider is and how it is set up.
    public var info: ProviderInfo { description?.info ?? firstInfo }

    /// The model that answers when a request names none, as far as its limits are known now.
    public var modelInfo: ModelInfo? { description?.model }

    private var description: Description? { (try? instance.info()).flatMap { try? Description($0) } }

    /// Finds out what `modelInfo` tells.
    public func prepare() async { _ = try? await instance.prepare().ending() }

    /// The models that the plugin's server has.
    /// - Throws: `ProviderError`.
    public func listModels() async throws(ProviderError) -> [ModelInfo] {
        switch await (try instance.listModels()).ending() {
        case .error(let json): throw .plugin(json)
        case .breach(let problem): throw .plugin(problem, provider: name)
        case .abandoned: throw ProviderError(.cancelled, "the call was cancelled", provider: name)
        case .response(let json):
            do {
                return try JSONValue(parsing: json).elements().map { model throws(ContractError) in try ModelInfo(json: model) }
            } catch { throw .plugin("the models cannot be read: \(error)", provider: name) }
        }
    }

    /// Asks the model.
    public func stream(_ request: ChatRequest, options: JSONObject) -> ResponseStream {
        ResponseStream(PluginResponseSource(instance, request, options: options, provider: name))
    }

    /// The tool calls of an answer, as the plugin reads them; where it fails, which the session is told, those that the answer lists.
    public func parseToolCalls(_ response: ChatResponse) -> [ToolCall] {
        // What is left out tells of no calls, and would be most of it: a long answer's log-probabilities are megabytes.
        var told = response
        (told.logprobs, told.promptLogprobs, told.promptTokenIDs, told.tokenIDs) = (nil, nil, nil, nil)
        do {
            return try instance.parseToolCalls(told.json).elements().map { call throws(ContractError) in try ToolCall(json: call) }
        } catch {
            var data: JSONObject = [
                "provider": .string(name), "lvl": "WARNING", "message": .string("the plugin cannot tell the answer's tool calls: \(error)"),
            ]
            data["instance_id"] = context.instanceID.map { .string($0) }
            context.events.emit(EventName.providerWarning, data)
            return response.toolCalls ?? response.content.filter { $0.choice == 0 }.compactMap(\.toolCall)
        }
    }

    /// Ends what is in flight and waits until the plugin has told everything of it.
    public func close() async {
        let instance = instance
        await withUnsafeContinuation { (closed: UnsafeContinuation<Void, Never>) in
            let close: @Sendable () -> Void = {
                instance.close()
                closed.resume()
            }
            // It waits for callbacks, and a thread that tasks share must not.
            if !BackgroundThread.start(close) { close() }
        }
    }
}

extension JSONValue {
    /// The elements of what has to be an array.
    fileprivate func elements() throws(ContractError) -> [JSONValue] {
        guard let array else { throw ContractError(path: "", message: "expected an array, found \(kind)") }
        return array
    }
}

/// What `info` of the ABI tells.
private struct Description {
    let name: String
    let priority: Int
    let info: ProviderInfo
    let model: ModelInfo?

    init(_ json: JSONValue) throws(ProviderError) {
        guard let name = json["name"]?.string, let info = json["info"] else {
            throw .plugin("info has no `name`, or no `info`")
        }
        self.name = name
        priority = json["priority"]?.int ?? 100
        do {
            self.info = try ProviderInfo(json: info)
            model = try json["model_info"].flatMap { $0.isNull ? nil : $0 }.map { json throws(ContractError) in try ModelInfo(json: json) }
        } catch { throw .plugin("info cannot be read: \(error)") }
    }
}

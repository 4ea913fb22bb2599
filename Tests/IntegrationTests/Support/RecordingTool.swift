import HostSession
import JSON
import Locks
import ProviderKit
import TestSupport

/// A tool of the dialogues that keeps what it was called with.
final class RecordingTool: HostTool {
    let spec: ToolSpec
    private let answer: @Sendable (JSONObject) throws -> JSONValue
    private let record = Guarded<[JSONObject]>([])

    init(_ name: String, _ answer: @escaping @Sendable (JSONObject) throws -> JSONValue) {
        let taught = Dialogue.tools.map(ToolSpec.init(openAI:)).first { $0.name == name }
        spec = taught ?? ToolSpec(name: name, parameters: [:])
        self.answer = answer
    }

    /// The arguments of the calls.
    var calls: [JSONObject] { record.withLock { $0 } }

    func run(_ arguments: JSONObject) async throws -> JSONValue {
        record.withLock { $0.append(arguments) }
        return try answer(arguments)
    }
}

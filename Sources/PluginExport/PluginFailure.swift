import CProviderPlugin
import Configuration
import JSON
import ProviderKit

/// Why a function of the table cannot do what it is asked to.
struct PluginFailure: Error {
    var status: ProviderStatus
    var error: ProviderError

    private init(_ status: ProviderStatus, _ message: String, code: ProviderError.Code = .invalidRequest) {
        self.status = status
        error = ProviderError(code, message)
    }

    static func isNull(_ argument: String) -> PluginFailure { PluginFailure(PluginStatus.invalidArgument, "`\(argument)` is NULL") }

    static func invalidArgument(_ message: String) -> PluginFailure { PluginFailure(PluginStatus.invalidArgument, message) }

    static func invalidJSON(_ argument: String, _ message: String) -> PluginFailure {
        PluginFailure(PluginStatus.invalidJSON, "`\(argument)`: \(message)")
    }

    static let unknownInstance = PluginFailure(PluginStatus.invalidArgument, "there is no such instance, or not any more")

    static let closed = PluginFailure(PluginStatus.closed, "the provider was closed", code: .cancelled)

    /// A provider could not be made.
    init(creating error: any Error) {
        status = PluginStatus.failed
        self.error =
            switch error {
            case let error as ConfigurationError: ProviderError(error)
            case let error as ProviderError: error
            default: ProviderError(.other, String(describing: error))
            }
    }
}

extension ProviderError {
    /// A configuration that cannot be used, with all that is wrong in `details.issues`.
    fileprivate init(_ error: ConfigurationError) {
        self.init(.configuration, error.description, details: ["issues": .array(error.issues.map(\.pluginJSON))], cause: error)
    }
}

extension ConfigurationIssue {
    fileprivate var pluginJSON: JSONValue {
        var object: JSONObject = [
            "severity": .string(severity.rawValue), "code": .string(code.description), "message": .string(message),
            "key_path": .string(keyPath),
        ]
        if let hint { object["hint"] = .string(hint) }
        return .object(object)
    }
}

/// Does what a function of the table is to do, and writes to `error` why it cannot.
func telling(_ error: UnsafeMutablePointer<ProviderBytes>?, _ work: () throws(PluginFailure) -> Void) -> ProviderStatus {
    error?.pointee = ProviderBytes(bytes: nil, size: 0)
    do throws(PluginFailure) {
        try work()
        return PluginStatus.ok
    } catch let failure {
        error?.pointee = PluginText(failure.error.json).copy()
        return failure.status
    }
}

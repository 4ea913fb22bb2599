import CProviderPlugin
import JSON
import ProviderKit

extension JSONValue {
    /// Reads the text that a host hands over as `argument`.
    init(text: UnsafePointer<CChar>?, _ size: Int, _ argument: String) throws(PluginFailure) {
        guard let text else { throw .isNull(argument) }
        // A size_t that no text can have is negative here.
        guard size >= 0 else { throw .invalidArgument("the size of `\(argument)` is that of no text") }
        let start = UnsafeRawPointer(text).assumingMemoryBound(to: UInt8.self)
        do throws(JSONError) {
            try self.init(parsing: UnsafeBufferPointer(start: start, count: size))
        } catch {
            throw .invalidJSON(argument, "it is not JSON: \(error.description)")
        }
    }

    /// Reads `argument` as what it should be.
    func read<Value>(
        _ argument: String, _ read: (JSONValue) throws(ContractError) -> Value
    ) throws(PluginFailure) -> Value {
        do throws(ContractError) { return try read(self) } catch { throw .invalidJSON(argument, error.description) }
    }
}

import JSON
import ProviderKit

/// What was repaired in the markup of a call.
struct MarkupRepair {
    var repairs: [String]
    /// The markup as the model wrote it.
    var raw: String
}

extension ToolArguments {
    /// What markup is that was not read as a call.
    enum Meaning {
        /// It only looks like a call.
        case text
        /// A call, after repairs.
        case call(name: String, arguments: String, MarkupRepair)
        /// A call that the end of the answer has cut.
        case incomplete(name: String)
    }

    /// What is meant by markup that could not be read.
    /// - Parameter wasCut: the answer ended before the model was done.
    /// - Throws: `ProviderError` with the code `invalidToolCall`, for a call of which no more than that is certain.
    func meaning(of call: UnreadableCall, wasCut: Bool) throws(ProviderError) -> Meaning {
        let name = Self.name(in: call.body)
        if call.isUnfinished && wasCut { return .incomplete(name: name ?? "") }
        if repairs, let (value, repairs) = JSONRepair.repaired(call.body), let name = value["name"]?.string, !name.isEmpty {
            let arguments = value["arguments"] ?? value["parameters"] ?? [:]
            return .call(name: name, arguments: arguments.text, MarkupRepair(repairs: repairs, raw: call.body))
        }
        if let name {
            throw ProviderError(
                .invalidToolCall, "the model called the tool \"\(name)\" in markup that is not JSON",
                hint: repairs ? nil : Self.repairHint, details: ["tool_name": .string(name), "raw_arguments": .string(call.body)])
        }
        let object = try? JSONValue(parsing: call.body).object
        if object?["arguments"] != nil || object?["parameters"] != nil { throw Self.nameless(call.body) }
        return .text
    }

    /// The name that malformed JSON gives a call, as far as that can be seen.
    private static func name(in raw: String) -> String? {
        for key in ["\"name\"", "'name'"] {
            guard let found = raw.firstRange(of: key) else { continue }
            let colon = raw[found.upperBound...].drop(while: \.isWhitespace)
            let value = colon.dropFirst().drop(while: \.isWhitespace)
            guard colon.first == ":", let quote = value.first, quote == "\"" || quote == "'" else { continue }
            let name = value.dropFirst().prefix { $0 != quote }
            if !name.isEmpty && name.endIndex < raw.endIndex { return String(name) }
        }
        return nil
    }
}

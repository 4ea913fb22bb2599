import Checksum
import JSON

extension JSONValue {
    /// The same value in the one spelling that all of its spellings share: keys in the order of their bytes, numbers as Swift writes them.
    var canonical: JSONValue {
        switch self {
        case .null, .bool, .string: return self
        case .number(let number):
            if let integer = number.int { return .integer(integer) }
            return number.double.isFinite ? .double(number.double) : self
        case .array(let elements): return .array(elements.map(\.canonical))
        case .object(let members):
            let sorted = members.map { ($0.key, $0.value.canonical) }.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
            return .object(JSONObject(sorted))
        }
    }

    /// What stands for the value where it is looked up: its checksum, so that long conversations are not kept once more.
    var digest: String {
        let bytes = bytes
        guard let sum = SHA256(), bytes.withUnsafeBytes({ sum.add($0) }), let digest = sum.digest() else { return text }
        return digest
    }
}

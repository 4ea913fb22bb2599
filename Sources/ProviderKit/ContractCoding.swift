public import JSON

/// A type with a JSON shape: the one that Amplifier's contract gives it (amplifier-core 2.0.2, `message_models.py`, `models.py`).
///
/// Members that a type does not know survive in its `additional`. A null for a member that it knows is read as no member, as pydantic
/// means it, and not written again; of a response format only what the contract has is kept, as Amplifier itself does.
public protocol ContractCodable: Sendable, Hashable {
    /// Reads the value from its JSON shape.
    /// - Throws: `ContractError` naming the member that is wrong.
    init(json: JSONValue) throws(ContractError)

    /// The value in its JSON shape; members without a value are left out.
    var json: JSONValue { get }
}

/// Why a JSON value is not what the contract asks for, and where in it.
public struct ContractError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The member, as in `messages[0].content[1].text`; empty for the value itself.
    public var path: String
    /// What is wrong with it.
    public var message: String

    /// An error at a member.
    public init(path: String, message: String) {
        self.path = path
        self.message = message
    }

    /// Path and message.
    public var description: String { path.isEmpty ? message : "\(path): \(message)" }

    /// The same error seen from one level further out.
    package func within(_ outer: String) -> ContractError {
        let separator = path.isEmpty || path.hasPrefix("[") ? "" : "."
        return ContractError(path: outer + separator + path, message: message)
    }
}

/// Reads the members of an object one by one; what was not read is left in `rest`.
package struct MemberReader {
    package private(set) var rest: JSONObject

    package init(_ json: JSONValue) throws(ContractError) {
        guard let object = json.object else { throw .expected("an object", json) }
        rest = object
    }

    /// Takes a member out; a null counts as none.
    package mutating func take(_ key: String) -> JSONValue? {
        guard let value = rest.removeValue(forKey: key), !value.isNull else { return nil }
        return value
    }

    package mutating func optional<Value>(
        _ key: String, _ read: (JSONValue) throws(ContractError) -> Value
    ) throws(ContractError) -> Value? {
        guard let value = take(key) else { return nil }
        do { return try read(value) } catch { throw error.within(key) }
    }

    package mutating func required<Value>(
        _ key: String, _ read: (JSONValue) throws(ContractError) -> Value
    ) throws(ContractError) -> Value {
        guard let value = try optional(key, read) else { throw ContractError(path: key, message: "is required") }
        return value
    }

    package mutating func optionalList<Value>(
        _ key: String, _ read: (JSONValue) throws(ContractError) -> Value
    ) throws(ContractError) -> [Value]? {
        try optional(key) { json throws(ContractError) in try Self.list(json, read) }
    }

    package static func list<Value>(
        _ json: JSONValue, _ read: (JSONValue) throws(ContractError) -> Value
    ) throws(ContractError) -> [Value] {
        guard let elements = json.array else { throw .expected("an array", json) }
        var values: [Value] = []
        for (index, element) in elements.enumerated() {
            do { values.append(try read(element)) } catch { throw error.within("[\(index)]") }
        }
        return values
    }

    package static func string(_ json: JSONValue) throws(ContractError) -> String {
        guard let value = json.string else { throw .expected("a string", json) }
        return value
    }

    package static func bool(_ json: JSONValue) throws(ContractError) -> Bool {
        guard let value = json.bool else { throw .expected("true or false", json) }
        return value
    }

    package static func int(_ json: JSONValue) throws(ContractError) -> Int {
        guard let value = json.int else { throw .expected("an integer", json) }
        return value
    }

    /// The number of a choice. Those who read an answer count up to the largest one.
    package static func choice(_ json: JSONValue) throws(ContractError) -> Int {
        let choice = try int(json)
        guard 0..<BlockStart.choiceLimit ~= choice else {
            throw ContractError(path: "", message: "expected a choice below \(BlockStart.choiceLimit), found \(choice)")
        }
        return choice
    }

    package static func double(_ json: JSONValue) throws(ContractError) -> Double {
        guard let value = json.double else { throw .expected("a number", json) }
        return value
    }

    package static func object(_ json: JSONValue) throws(ContractError) -> JSONObject {
        guard let value = json.object else { throw .expected("an object", json) }
        return value
    }

    package static func any(_ json: JSONValue) throws(ContractError) -> JSONValue { json }
}

extension ContractError {
    static func expected(_ what: String, _ found: JSONValue) -> ContractError {
        ContractError(path: "", message: "expected \(what), found \(found.kind)")
    }
}

extension JSONObject {
    /// Sets a member where there is a value; leaves it out where there is none.
    mutating func set(_ key: String, _ value: String?) { if let value { self[key] = .string(value) } }
    mutating func set(_ key: String, _ value: Bool?) { if let value { self[key] = .bool(value) } }
    mutating func set(_ key: String, _ value: Int?) { if let value { self[key] = .integer(value) } }
    mutating func set(_ key: String, _ value: Double?) { if let value { self[key] = .double(value) } }
    mutating func set(_ key: String, _ value: JSONObject?) { if let value { self[key] = .object(value) } }
    mutating func set(_ key: String, _ value: [String]?) { if let value { self[key] = .array(value.map { .string($0) }) } }
    mutating func set(_ key: String, _ value: [Int]?) { if let value { self[key] = .array(value.map { .integer($0) }) } }
    mutating func set(_ key: String, _ value: (some ContractCodable)?) { if let value { self[key] = value.json } }
    mutating func set(_ key: String, _ value: [some ContractCodable]?) { if let value { self[key] = .array(value.map(\.json)) } }
}

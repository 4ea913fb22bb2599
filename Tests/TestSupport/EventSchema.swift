public import JSON
import JSONSchema
import Locks

/// The schema of event logs (docs/events.schema.json), to which the tests hold every line that they have had written.
public enum EventSchema {
    /// What is wrong with a line.
    public struct Problem: Error, CustomStringConvertible {
        /// Where and what.
        public let description: String
    }

    /// The schema.
    public static let json = Result { try JSONValue(parsing: fileBytes(Recording.testsFolder + "/../docs/events.schema.json")) }

    private static let schema = Result { try JSONSchema(json.get()) }
    private static let schemas = Guarded<[String: JSONSchema]>([:])

    /// Checks a record with all of the schema.
    /// - Throws: `Problem`.
    public static func check(_ record: JSONValue) throws { try check(record, by: schema.get()) }

    /// What the schema says of one event: with it, a record is checked ten times as fast.
    private static func schema(of event: String) throws -> JSONSchema {
        if let schema = schemas.withLock({ $0[event] }) { return schema }
        var part = try json.get().object ?? [:]
        part["allOf"] = nil
        if part["$defs"]?[event] != nil { part["$ref"] = .string("#/$defs/\(event)") }
        let schema = try JSONSchema(.object(part))
        schemas.withLock { $0[event] = schema }
        return schema
    }

    private static func check(_ record: JSONValue, by schema: JSONSchema) throws {
        switch schema.verdict(on: record) {
        case .fits: break
        case .notKnown(let reason): throw Problem(description: "not checked: \(reason)")
        case .fails(let problem): throw Problem(description: "\(problem) in \(record.text.prefix(2000))")
        }
    }

    /// Checks every line of a log, the last one only where it is whole: its writer may have been killed.
    /// - Throws: `Problem`, `FileError`.
    public static func check(log path: String) throws {
        let lines = try fileBytes(path).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for line in lines.dropLast() {
            let record = try JSONValue(parsing: line)
            try check(record, by: schema(of: record["event"]?.string ?? ""))
        }
    }
}

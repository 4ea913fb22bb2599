/// Why a schema is not one.
public struct JSONSchemaError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Where in the schema: a JSON pointer as a fragment, such as `#/properties/name/type`.
    public var pointer: String
    /// What is wrong there.
    public var message: String

    /// An error with its place.
    public init(pointer: String, message: String) {
        self.pointer = pointer
        self.message = message
    }

    /// The message with the place.
    public var description: String { "JSON Schema, \(pointer): \(message)" }
}

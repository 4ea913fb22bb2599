import JSON

/// Reads typed fields of a request's body as the server's schema does: lenient with numbers in strings, strict with the rest.
struct FieldReader {
    private let object: JSONObject
    private let place: String

    /// The whole body of a request.
    init(body: JSONValue) throws(WireError) {
        guard let object = body.object else {
            throw .schema(
                type: "model_attributes_type", at: "", "Input should be a valid dictionary or object to extract fields from", input: body)
        }
        self.object = object
        place = ""
    }

    private init(_ object: JSONObject, at place: String) {
        self.object = object
        self.place = place
    }

    /// A field that is there and not null.
    subscript(key: String) -> JSONValue? {
        guard let value = object[key], !value.isNull else { return nil }
        return value
    }

    /// All fields.
    var whole: JSONValue { .object(object) }

    /// The error for a field that must be there.
    func missing(_ key: String) -> WireError {
        .schema(type: "missing", at: path(key), "Field required", input: .object(object))
    }

    /// An integer.
    func int(_ key: String) throws(WireError) -> Int? {
        guard let value = self[key] else { return nil }
        return try Self.int(value, at: path(key))
    }

    /// A list of integers.
    func ints(_ key: String) throws(WireError) -> [Int]? {
        guard let elements = try array(key) else { return nil }
        var ints: [Int] = []
        for (index, element) in elements.enumerated() { ints.append(try Self.int(element, at: "\(path(key)).\(index)")) }
        return ints
    }

    private static func int(_ value: JSONValue, at path: String) throws(WireError) -> Int {
        switch value {
        case .number(let number):
            if let int = number.int { return int }
            guard number.double.isFinite else {
                throw .schema(type: "finite_number", at: path, "Input should be a finite number", input: value)
            }
            guard number.double.rounded() == number.double else {
                throw .schema(
                    type: "int_from_float", at: path, "Input should be a valid integer, got a number with a fractional part", input: value)
            }
            throw .schema(
                type: "less_than_equal", at: path, "Input should be less than or equal to \(Int.max)", input: value,
                context: "'le': \(Int.max)")
        case .string(let text):
            if let int = Int(text) { return int }
            throw .schema(
                type: "int_parsing", at: path, "Input should be a valid integer, unable to parse string as an integer", input: value)
        default: throw .schema(type: "int_type", at: path, "Input should be a valid integer", input: value)
        }
    }

    /// A floating-point number.
    func double(_ key: String) throws(WireError) -> Double? {
        switch self[key] {
        case nil: return nil
        case .number(let number)?: return number.double
        case .string(let text)?:
            if let double = Double(text) { return double }
            throw .schema(
                type: "float_parsing", at: path(key), "Input should be a valid number, unable to parse string as a number",
                input: .string(text))
        case let value?: throw .schema(type: "float_type", at: path(key), "Input should be a valid number", input: value)
        }
    }

    /// A truth value.
    func bool(_ key: String) throws(WireError) -> Bool? {
        switch self[key] {
        case nil: return nil
        case .bool(let value)?: return value
        case "true", 1: return true
        case "false", 0: return false
        case let value?:
            throw .schema(
                type: value.string == nil ? "bool_type" : "bool_parsing", at: path(key), "Input should be a valid boolean", input: value)
        }
    }

    /// A string.
    func string(_ key: String) throws(WireError) -> String? {
        guard let value = self[key] else { return nil }
        guard let text = value.string else {
            throw .schema(type: "string_type", at: path(key), "Input should be a valid string", input: value)
        }
        return text
    }

    /// A list.
    func array(_ key: String) throws(WireError) -> [JSONValue]? {
        guard let value = self[key] else { return nil }
        guard let elements = value.array else {
            throw .schema(type: "list_type", at: path(key), "Input should be a valid list", input: value)
        }
        return elements
    }

    /// An object, to read on in.
    func nested(_ key: String) throws(WireError) -> FieldReader? {
        guard let value = self[key] else { return nil }
        guard let object = value.object else {
            throw .schema(type: "dict_type", at: path(key), "Input should be a valid dictionary", input: value)
        }
        return FieldReader(object, at: path(key))
    }

    private func path(_ key: String) -> String { place.isEmpty ? key : "\(place).\(key)" }
}

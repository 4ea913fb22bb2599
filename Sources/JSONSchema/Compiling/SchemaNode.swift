internal import JSON

/// A schema or subschema: all of its rules must hold. Other schemas are named by their index in `JSONSchema.nodes`.
struct SchemaNode: Sendable {
    var rules: [SchemaRule] = []

    /// The schemas that are applied to the very value that this one is applied to.
    var appliedInPlace: [Int] { rules.flatMap(\.appliedInPlace) }
}

/// What one keyword, or a few that belong together, ask of a value.
enum SchemaRule: Sendable {
    /// The schema `false`.
    case never
    case type(Set<SchemaType>)
    /// The values in their comparable form, and as a message shows them.
    case oneOfValues(Set<ComparableJSON>, shown: String)
    case members(MemberRule)
    case required([String])
    /// What else must be there where a member is: names, and schemas for the object.
    case dependencies(names: [(member: String, required: [String])], schemas: [(member: String, schema: Int)])
    case memberNames(Int)
    case memberCount(CountLimits)
    case elements(prefix: [Int], others: Int?)
    case contains(Int, CountLimits)
    case elementCount(CountLimits)
    case uniqueElements
    case length(CountLimits)
    /// `nil` is a pattern that cannot be checked.
    case pattern(Pattern?, shown: String)
    case bound(NumberBound)
    case multiple(of: ExactDecimal, shown: String)
    case all([Int])
    case any([Int])
    case exactlyOne([Int])
    case not(Int)
    case conditional(if: Int, then: Int?, else: Int?)
    /// A keyword that is not checked, which asks something of any value, or of values of one type.
    case unchecked(String, of: SchemaType?)

    fileprivate var appliedInPlace: [Int] {
        switch self {
        case .all(let schemas), .any(let schemas), .exactlyOne(let schemas): schemas
        case .not(let schema): [schema]
        case .dependencies(_, let schemas): schemas.map(\.schema)
        case .conditional(let condition, let then, let otherwise): [condition, then, otherwise].compactMap(\.self)
        default: []
        }
    }
}

/// Schemas for the members of an object.
struct MemberRule: Sendable {
    var properties: [ExactText: Int] = [:]
    /// The patterns of names; `nil` is one that cannot be checked.
    var patterns: [(pattern: Pattern?, schema: Int)] = []
    var additional: Int?
}

/// How many there may be.
struct CountLimits: Sendable {
    var minimum = 0
    var maximum: Int?
}

/// A limit of a number.
struct NumberBound: Sendable {
    let limit: ExactDecimal
    let isUpper: Bool
    let isExclusive: Bool
    /// What a message says was expected.
    let shown: String
}

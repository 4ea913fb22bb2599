/// What values a field takes.
public enum ConfigurationFieldType: Sendable, Hashable {
    /// Text.
    case string
    /// Text that must not be shown: a key, a password.
    case secret
    /// `true` or `false`; also `yes`, `no`, `on`, `off`, `1`, `0`.
    case bool
    /// A whole number.
    case int
    /// A number.
    case number
    /// A time in seconds, of at most 1000000000; also with a unit: `500ms`, `90s`, `5m`, `1h`, `7d`.
    case seconds
    /// A list of texts; one text alone is a list of one.
    case stringList
    /// A list of whole numbers; one number alone is a list of one.
    case intList
    /// A list of mappings with any keys; one mapping alone is a list of one.
    case objectList
    /// One of these texts, in any case.
    case choice([String])
    /// A mapping with any keys.
    case object
    /// What one of these types takes; the first that fits reads the value.
    case oneOf([ConfigurationFieldType])
    /// Any value.
    case any
}

/// What a check of a value against a schema comes to.
///
/// `not`, `oneOf`, `if` and `maxContains` turn a schema's answer round, so that what cannot be checked must not count as fitting.
public enum JSONSchemaVerdict: Sendable, Hashable {
    /// Everything was checked, and the value fits.
    case fits
    /// Nothing wrong was found, but something that may be wrong could not be checked.
    case notKnown(reason: String)
    /// The value does not fit, whatever could not be checked.
    case fails(JSONSchemaProblem)

    var isFailure: Bool {
        if case .fails = self { true } else { false }
    }

    /// What a requirement comes to that may be there or not.
    func ifRequired(_ reason: String) -> JSONSchemaVerdict {
        isFailure ? .notKnown(reason: reason) : self
    }

    /// Takes a further requirement in: one that fails decides, and then one that is not known.
    mutating func add(_ other: JSONSchemaVerdict) {
        switch (self, other) {
        case (.fails, _), (.notKnown, .fits), (.notKnown, .notKnown): break
        case (.fits, _), (.notKnown, .fails): self = other
        }
    }
}

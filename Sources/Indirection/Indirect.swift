/// A value that is kept on the heap, so that what holds it has the size of a pointer.
///
/// For what is large, passed on by many and seldom made, such as errors: each function that may throw one has room for it, several times
/// where it waits for others, and a stream has the room of all functions that wait for it.
@propertyWrapper
public enum Indirect<Value: Sendable>: Sendable {
    /// The value.
    indirect case value(Value)

    /// Keeps a value.
    public init(wrappedValue: Value) { self = .value(wrappedValue) }

    /// The value; changing it makes another one.
    public var wrappedValue: Value {
        get {
            switch self {
            case .value(let value): value
            }
        }
        set { self = .value(newValue) }
    }
}
